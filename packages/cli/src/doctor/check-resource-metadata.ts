import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'
import { outcome } from './probe.ts'
import type { Answer, Probe } from './probe.ts'

/** What the metadata of the protected resource says. */
export interface ResourceMetadataResult {
  readonly findings: readonly Finding[]
  readonly issuer: string | undefined
  readonly scopes: readonly string[]
}

/**
 * Reads the metadata of the protected resource where clients look for it.
 *
 * @see [RFC 9728 §3.3 - Protected Resource Metadata Validation](https://www.rfc-editor.org/rfc/rfc9728.html#section-3.3)
 */
export async function checkResourceMetadata(
  server: URL,
  named: URL | undefined,
  probe: Probe,
): Promise<ResourceMetadataResult> {
  const findings: Finding[] = []
  const wellKnown = new URL(
    `/.well-known/oauth-protected-resource${server.pathname.replace(/\/$/, '')}`,
    server,
  )
  const [atNamed, atWellKnown] = await Promise.all([
    named === undefined ? undefined : probe(named),
    probe(wellKnown),
  ])
  const document = usable(atNamed) ?? usable(atWellKnown)
  if (named !== undefined && usable(atNamed) === undefined)
    findings.push(
      failure(
        'resource_metadata.named',
        `${named.href} ${described(atNamed)}`,
        mendOf(atNamed, 'Serve the document at the URL that the challenge names, as application/json.'),
      ),
    )
  if (usable(atWellKnown) === undefined)
    findings.push(
      failure(
        'resource_metadata.well_known',
        `${wellKnown.href} ${described(atWellKnown)}`,
        mendOf(
          atWellKnown,
          'Serve the document at the well-known path as well: it lies at the root of the origin, before the path of the server.',
        ),
        ['VS Code', 'Cursor', 'mcp-remote'],
      ),
    )
  if (document === undefined) return { findings, issuer: undefined, scopes: [] }

  const { resource, authorization_servers: servers, scopes_supported: scopes } = document
  if (typeof resource === 'string' && sameResource(resource, server.href))
    findings.push(ok('resource_metadata.resource', `the metadata is about ${resource}`))
  else
    findings.push(
      failure(
        'resource_metadata.resource',
        `the metadata is about ${JSON.stringify(resource)}, not about ${server.href}`,
        `Set \`resource\` to exactly the URL that users paste: ${server.href}`,
      ),
    )
  const [issuer] = Array.isArray(servers) ? (servers as unknown[]) : []
  if (typeof issuer === 'string')
    findings.push(ok('resource_metadata.authorization_servers', `the authorization server is ${issuer}`))
  else
    findings.push(
      failure(
        'resource_metadata.authorization_servers',
        'the metadata names no authorization server',
        'List the issuer in `authorization_servers`.',
      ),
    )
  const listed = Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : []
  if (listed.length === 0)
    findings.push(
      warning(
        'resource_metadata.scopes_supported',
        'the metadata lists no scopes',
        'List them: Claude Code asks for exactly those.',
      ),
    )
  return { findings, issuer: typeof issuer === 'string' ? issuer : undefined, scopes: listed }
}

function mendOf(answer: Answer | undefined, otherwise: string): string {
  const status = answer?.status ?? 0
  if (status === 401 || status === 403)
    return 'It is read before there is a token: let it pass without one, also through a proxy.'
  if (status >= 300 && status < 400)
    return 'Serve it where it is asked for: not every client follows redirects.'
  return otherwise
}

function usable(answer: Answer | undefined): Answer['json'] {
  return answer?.status === 200 ? answer.json : undefined
}

function described(answer: Answer | undefined): string {
  if (answer?.status === 200) return 'is answered 200, but it is no JSON object'
  return answer === undefined ? 'is not answered' : outcome(answer)
}

// RFC 3986 §6.2.3: an empty path and "/" are one.
function sameResource(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).href.replace(/\/$/, '') === other.replace(/\/$/, '')
}
