import { createRedirectUriMatcher } from '@gatewright/redirect-uri'

const uris = (count) => [
  ...Array.from({ length: count - 1 }, (_, index) => `https://app.example.com/callback/${index}`),
  'http://127.0.0.1/callback',
]
const presented = 'http://127.0.0.1:51004/callback'

/** Opens the compiled matcher, or a walk through the list that parses each entry. */
export function open({ count, naive = false }) {
  const matcher = createRedirectUriMatcher(uris(count), { anyLoopbackPort: true })
  const list = uris(count)
  const walk = () => {
    const { hostname, pathname, search, port } = new URL(presented)
    const found = list.some((uri) => {
      const known = new URL(uri)
      return (
        known.hostname === hostname &&
        known.pathname === pathname &&
        known.search === search &&
        (known.port === port || hostname === '127.0.0.1')
      )
    })
    if (!found) throw new Error('not matched')
  }
  const match = () => {
    if (!matcher.match(presented).matched) throw new Error('not matched')
  }
  return { run: naive ? walk : match }
}
