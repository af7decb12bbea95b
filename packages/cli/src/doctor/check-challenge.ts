import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client'
import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'
import type { Answer, Probe } from './probe.ts'

const handshake = {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'gatewright-doctor', version: '1.0.0' },
    },
  }),
}

/** What an unauthenticated client learns, and where it is sent for more. */
export interface ChallengeResult {
  readonly findings: readonly Finding[]
  readonly resourceMetadataUrl: URL | undefined
}

/**
 * Calls the server without a token.
 *
 * @see [RFC 9728 §5.1 - WWW-Authenticate Response](https://www.rfc-editor.org/rfc/rfc9728.html#section-5.1)
 */
export async function checkChallenge(server: URL, probe: Probe): Promise<ChallengeResult> {
  const post = await probe(server, handshake)
  if (post.failure !== undefined)
    return only(
      failure(
        'reach',
        `${server.href} cannot be reached: ${post.failure}`,
        'Check the address, the firewall and the TLS certificate; the server must be reachable from where the client runs.',
      ),
    )
  const findings: Finding[] = [challenged(post, server), ...fromOutside(server)]
  if (post.milliseconds > 5000)
    findings.push(
      warning(
        'slow',
        `the first answer took ${post.milliseconds} ms`,
        'Clients give up after about ten seconds; keep one instance warm.',
      ),
    )
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(asResponse(post))
  if (post.status === 401) {
    findings.push(await getIsChallenged(server, probe))
    findings.push(
      resourceMetadataUrl === undefined
        ? failure(
            'challenge.resource_metadata',
            'the challenge names no resource_metadata',
            'Answer 401 with `WWW-Authenticate: Bearer resource_metadata="https://…/.well-known/oauth-protected-resource/…"`; clients cannot find the authorization server otherwise.',
            ['Claude', 'ChatGPT'],
          )
        : ok('challenge.resource_metadata', `the challenge names ${resourceMetadataUrl.href}`),
    )
    if (resourceMetadataUrl !== undefined && resourceMetadataUrl.origin !== server.origin)
      findings.push(
        warning(
          'challenge.origin',
          `the challenge names ${resourceMetadataUrl.origin}, and not ${server.origin}`,
          'Behind a proxy, configure the URL that users paste as the public one; do not derive it from the request.',
        ),
      )
    if (scope === undefined)
      findings.push(
        warning(
          'challenge.scope',
          'the challenge names no scope',
          'Name the scopes that a first connection needs, or clients ask for every scope that the metadata lists.',
        ),
      )
  }
  return { findings, resourceMetadataUrl }
}

function challenged({ status, headers }: Answer, server: URL): Finding {
  const mend =
    'A request without a token must be answered 401 with a `WWW-Authenticate: Bearer` challenge, before anything else is decided.'
  if (status === 401 && /^bearer\b/i.test(headers.get('www-authenticate') ?? ''))
    return ok('challenge', 'a call without a token is challenged')
  if (status === 200)
    return failure('challenge', 'a call without a token is served: the server is not protected', mend)
  if (status === 403)
    return failure(
      'challenge',
      'a call without a token is answered 403',
      `${mend} If a proxy or a bot filter answers, let it pass the clients of MCP.`,
    )
  if (status >= 300 && status < 400)
    return failure(
      'challenge',
      `a call without a token is redirected (${status}) to ${headers.get('location') ?? 'nowhere'}`,
      'Give users the URL that is meant: clients follow no redirect to another origin, and lose the token on the way.',
    )
  if (status === 404 || status === 405)
    return failure(
      'challenge',
      `a call without a token is answered ${status}: there is no MCP server at ${server.pathname}`,
      `Check the path; many servers are at ${server.pathname === '/mcp' ? 'another one than /mcp' : new URL('/mcp', server).href}. If it is right, ${mend.replace('A request', 'a request')}`,
    )
  if (status >= 500)
    return failure(
      'challenge',
      `the server fails at a call without a token (${status})`,
      `Look at its log. ${mend}`,
    )
  return failure(
    'challenge',
    `a call without a token is answered ${status}${status === 401 ? ' without a Bearer challenge' : ''}`,
    mend,
  )
}

// Their servers make the connection, and not the machine on which somebody types.
function fromOutside({ hostname }: URL): Finding[] {
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return []
  return [
    warning(
      'reach.public',
      `only programs on this machine reach ${hostname}`,
      'Connectors of Claude and ChatGPT come from the internet: they need a public https URL. Claude Desktop connects from here with `gatewright connect`.',
    ),
  ]
}

// mcp-remote opens with GET, and waits for ever when that is not a matter of authentication.
async function getIsChallenged(server: URL, probe: Probe): Promise<Finding> {
  const { status } = await probe(server, { headers: { accept: 'text/event-stream' } })
  return status === 401
    ? ok('challenge.get', 'GET without a token is challenged')
    : failure(
        'challenge.get',
        `GET without a token is answered ${status}`,
        'Authenticate before looking at the method: answer 401, also to GET.',
        ['mcp-remote'],
      )
}

function asResponse({ headers }: Answer): Response {
  return new Response(null, { status: 401, headers })
}

function only(finding: Finding): ChallengeResult {
  return { findings: [finding], resourceMetadataUrl: undefined }
}
