import type { TokenPolicy } from '@gatewright/core'

/** Tokens of `claude-public` are minted for this machine only. */
export const loopbackOnly: TokenPolicy = ({ request, source }) => {
  if (request.oauth.client_id !== 'claude-public') return { allowed: true }
  const address = source.ip?.replace(/^::ffff:/i, '')
  const allowed =
    address !== undefined && (address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address))
  return allowed ? { allowed } : { allowed, internal_message: 'public client not allowed from this network' }
}
