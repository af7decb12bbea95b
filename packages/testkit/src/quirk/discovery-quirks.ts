import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import { metadataUrls } from '../bench/discovery.ts'
import { bearerParameters } from '../bench/challenge.ts'
import { modernRequest } from '../bench/mcp.ts'
import { arrivalOf } from '../bench/authorization.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'

const wantedHeaders = ['authorization', 'content-type', 'mcp-protocol-version']

/** What is missing in the answer to a preflight. */
function preflightProblem({ status, headers }: Answer, origin: string): string | undefined {
  const allowed = headers.get('access-control-allow-origin')
  if (status >= 300 || (allowed !== '*' && allowed !== origin)) return 'the origin is not allowed'
  const granted = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/\s*,\s*/)
  // A wildcard covers every header but Authorization.
  const refused = wantedHeaders.filter(
    (name) => !granted.includes(name) && (name === 'authorization' || !granted.includes('*')),
  )
  return refused.length === 0 ? undefined : `${refused.join(', ')} may not be sent`
}

/** How real clients find their way. */
export const discoveryQuirks: readonly Check[] = [
  {
    id: 'quirk.get-first',
    title: 'answers GET without a token 401, as Codex and mcp-remote open',
    section: 'RFC 6750 §3',
    severity: 'should',
    mend: 'Authenticate before you look at the method: after a 405, mcp-remote signs in and then waits for ever.',
    async run(bench) {
      const answer = await bench.send(bench.resource(), { headers: { accept: 'text/event-stream' } })
      return expectThat(answer.status === 401, tell(answer))
    },
  },
  {
    id: 'quirk.discover-first',
    title: 'answers server/discover, with which Claude Code opens, or lets it fall back',
    section: 'MCP 2026-07-28 Streamable HTTP, Backward Compatibility',
    severity: 'should',
    mend: 'Challenge it without a token; with one answer it, or answer 400 or 404, after which clients shake hands.',
    async run(bench) {
      const { message, headers } = modernRequest('server/discover')
      const refused = await bench.mcp.post(message, undefined, { headers })
      if (refused.status !== 401 || bearerParameters(refused.headers)?.has('resource_metadata') !== true)
        return failed(tell(refused))
      const answer = await bench.mcp.post(message, await bench.accessToken(), { headers })
      return expectThat([200, 400, 404].includes(answer.status), tell(answer))
    },
  },
  {
    id: 'quirk.openid-configuration',
    title: 'publishes its metadata also as openid-configuration, where some clients look alone',
    section: 'RFC 8414 §5',
    severity: 'should',
    mend: 'Serve the same document at `/.well-known/openid-configuration`, before and after the path of the issuer.',
    async run(bench) {
      const [, ...places] = metadataUrls(await bench.issuer())
      const answers = await Promise.all(places.map((url) => bench.send(url)))
      const missing = answers.find(({ status, json }) => status !== 200 || json['issuer'] === undefined)
      return expectThat(missing === undefined, missing === undefined ? '' : tell(missing))
    },
  },
  {
    id: 'quirk.root-resource-metadata',
    title: 'publishes its metadata also at the root, where ChatGPT looks',
    section: 'MCP 2025-11-25 Authorization, Protected Resource Metadata Discovery Requirements',
    severity: 'should',
    mend: 'Serve the document of one resource of an origin at `/.well-known/oauth-protected-resource` as well.',
    async run(bench) {
      const answer = await bench.send(new URL('/.well-known/oauth-protected-resource', bench.resource()))
      return expectThat(answer.status === 200 && 'resource' in answer.json, tell(answer))
    },
  },
  {
    id: 'quirk.announced-issuer',
    title: 'announces that authorization responses carry iss, which ChatGPT asks for',
    section: 'RFC 9207 §2.3',
    severity: 'should',
    mend: 'Set `authorization_response_iss_parameter_supported` to true, and send `iss`.',
    async run(bench) {
      const { authorization_response_iss_parameter_supported: announced } = await bench.metadata()
      return expectThat(
        announced === true,
        `authorization_response_iss_parameter_supported is ${JSON.stringify(announced) ?? 'absent'}`,
      )
    },
  },
  {
    id: 'quirk.all-scopes',
    title: 'lets a client ask for all scopes that the resource lists, as Claude Code does',
    section: 'RFC 9728 §2',
    severity: 'should',
    mend: 'List only scopes that the authorization server knows, and drop those that a client or user may not have instead of refusing all.',
    async run(bench) {
      const { scopes_supported: scopes } = await bench.resourceMetadata()
      if (!Array.isArray(scopes) || scopes.length === 0)
        throw new NotApplicable('the resource lists no scopes')
      const offline = (await bench.listed('scopes_supported')).includes('offline_access')
        ? ['offline_access']
        : []
      const scope = [...new Set([...scopes, ...offline])].join(' ')
      const answer = await bench.ask(await bench.client('public'), { scope, prompt: 'consent' })
      return expectThat(
        !arrivalOf(answer, answer.draft.redirectUri).startsWith('refused'),
        `${scope}: ${tell(answer)}`,
      )
    },
  },
  {
    id: 'quirk.web-clients',
    rows: ['HT-09'],
    title: 'lets clients in web pages ask it, as the MCP Inspector does',
    section: 'OAuth 2.1 draft-13 §3.2',
    severity: 'should',
    mend: 'Answer preflights of the resource, both metadata documents, registration, token and revocation, and expose WWW-Authenticate.',
    async run(bench) {
      const origin = 'http://localhost:6274'
      const metadata = await bench.metadata()
      const [served] = metadataUrls(await bench.issuer())
      const places: [string, unknown][] = [
        ['GET', served.href],
        ...(['registration_endpoint', 'token_endpoint', 'revocation_endpoint'] as const).map(
          (name): [string, unknown] => ['POST', metadata[name]],
        ),
        ...(bench.target.resource === undefined
          ? []
          : [
              ['GET', bench.resourceMetadataUrl().href] as [string, unknown],
              ['POST', bench.target.resource] as [string, unknown],
            ]),
      ]
      for (const [method, url] of places) {
        if (typeof url !== 'string') continue
        const answer = await bench.send(url, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': method,
            'access-control-request-headers': wantedHeaders.join(', '),
          },
        })
        const problem = preflightProblem(answer, origin)
        if (problem !== undefined) return failed(`${problem}: ${tell(answer)}`)
      }
      if (bench.target.resource === undefined) return passed
      const { headers } = await bench.send(bench.target.resource, { json: {}, headers: { origin } })
      const exposed = headers.get('access-control-expose-headers')?.toLowerCase() ?? ''
      if (!exposed.includes('www-authenticate')) return failed('the challenge is not exposed to pages')
      return passed
    },
  },
]
