const maximumLength = 2048

/**
 * Whether a client id is the URL of a metadata document: https, written as a URL parser writes it, with a path, and without
 * credentials, fragment and dot segments.
 *
 * The spelling is exact, since it names the client: a host in capitals or a port that goes without saying would be a second name.
 *
 * @see [OAuth Client ID Metadata Document draft-00 §3 - Client Identifier](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-3)
 */
export function isClientIdUrl(clientId: string): boolean {
  if (!clientId.startsWith('https://') || clientId.length > maximumLength || !URL.canParse(clientId))
    return false
  const { href, pathname, username, password, hash, search } = new URL(clientId)
  return (
    href === clientId &&
    pathname !== '/' &&
    username + password + hash === '' &&
    // An empty query or fragment leaves its mark in the text alone.
    !clientId.includes('#') &&
    (search !== '' || !clientId.includes('?')) &&
    // RFC 3986 §5.2.4: what one reader takes for a dot segment, another takes for a name.
    !/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(pathname)
  )
}
