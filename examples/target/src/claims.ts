import type { ClaimsOptions } from '@gatewright/authorization-server'

/** Adds nothing to a token, and fails for the client that shows what a failure tells. */
export const claims: ClaimsOptions = {
  add({ clientId }) {
    if (clientId === 'boom') throw new Error('secret /srv/target/claims.ts at line 1')
    return undefined
  },
}
