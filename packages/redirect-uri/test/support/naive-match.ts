import { checkRedirectUri, type RedirectUriOptions } from '@gatewright/redirect-uri'

/**
 * The matching rules a second time: one entry after the other, without sets, keys or regular expressions. What the
 * compiled matcher decides is compared with this.
 */
export function naiveMatch(
  presented: string,
  registered: readonly string[],
  options: RedirectUriOptions,
): boolean {
  return registered.some(
    (entry) => checkRedirectUri(entry, options).ok && entryMatches(presented, entry, options),
  )
}

function entryMatches(presented: string, entry: string, options: RedirectUriOptions): boolean {
  if (entry.startsWith('https://*')) return differsInFirstLabel(presented, entry.slice('https://*'.length))
  const own = cutLoopback(entry)
  if (own?.port === ':*') return equalButPort(presented, own)
  if (entry === presented) return true
  if (!own || options.anyLoopbackPort !== true) return false
  if (own.host === 'localhost' && options.localhostAnyPort === false) return false
  return equalButPort(presented, own)
}

function equalButPort(presented: string, own: { host: string; path: string }): boolean {
  const other = cutLoopback(presented)
  if (!other || other.host !== own.host || other.path !== own.path || presented.length > 2048) return false
  if (other.port === '') return true
  const port = Number(other.port.slice(1))
  return other.port === `:${port}` && Number.isInteger(port) && port >= 1 && port <= 65_535
}

function cutLoopback(uri: string): { host: string; port: string; path: string } | undefined {
  for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
    const origin = `http://${host}`
    if (!uri.startsWith(origin)) continue
    const rest = uri.slice(origin.length)
    const slash = rest.indexOf('/')
    const port = slash < 0 ? rest : rest.slice(0, slash)
    if (port !== '' && port[0] !== ':') return undefined
    return { host, port, path: slash < 0 ? '' : rest.slice(slash) }
  }
  return undefined
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

function differsInFirstLabel(presented: string, suffix: string): boolean {
  if (presented.length > 2048 || !presented.startsWith('https://') || !presented.endsWith(suffix))
    return false
  const label = presented.slice('https://'.length, presented.length - suffix.length)
  if (label.length < 1 || label.length > 63) return false
  if (Array.from(label).some((character) => !`${letters}-`.includes(character))) return false
  if (label.startsWith('-') || label.endsWith('-')) return false
  return label[2] !== '-' || label[3] !== '-'
}
