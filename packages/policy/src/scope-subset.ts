import type { Policy } from '@gatewright/core'
import { allowed, denied } from './policy.ts'

/** Allows tokens whose scopes are all among these. Names are compared exactly: `xread:user` is not `read:user`. */
export function scopeSubset(scopes: readonly string[]): Policy {
  const permitted = new Set(scopes)
  return ({ request }) => {
    const beyond = request.oauth.scope.find((name) => !permitted.has(name))
    return beyond === undefined
      ? allowed
      : denied('scopeSubset', `the scope ${beyond} goes beyond ${scopes.join(' ')}`)
  }
}
