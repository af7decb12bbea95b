import { bearerHeader, type OutboundAuthorization, type OutboundCaller } from './outbound-authorization.ts'

/**
 * Shows the upstream a token that is kept for the caller, for example in the vault of an upstream login.
 *
 * @param find gives the caller's token for this upstream, or `undefined` when the user has not connected it
 */
export function storedToken(
  find: (caller: OutboundCaller) => string | undefined | Promise<string | undefined>,
): OutboundAuthorization {
  return {
    perCaller: true,
    async credential({ caller }) {
      const { subject, clientId } = caller
      // The gateway's own token is not handed to a function that looks up another.
      const token = await find({ subject, clientId })
      if (token === undefined) throw new Error('no token is kept for this caller')
      return { headers: bearerHeader(token) }
    },
  }
}
