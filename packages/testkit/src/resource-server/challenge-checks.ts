import { tell } from '../bench/answer.ts'
import { bearerParameters } from '../bench/challenge.ts'
import { modernRequest } from '../bench/mcp.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check } from '../check.ts'
import type { Bench } from '../bench/bench.ts'

async function challenge(bench: Bench) {
  const answer = await bench.challenged()
  const parameters = bearerParameters(answer.headers)
  if (answer.status !== 401 || parameters === undefined)
    throw new NotApplicable('there is no challenge (see resource-server.challenge)')
  return { answer, parameters }
}

const wrongToken = 'gatewright-testkit-no-such-token'

/** What a request without a valid token is answered. */
export const challengeChecks: readonly Check[] = [
  {
    id: 'resource-server.challenge',
    rows: ['MC-01'],
    title: 'answers a call without a token 401, with a Bearer challenge',
    section: 'RFC 6750 §3',
    severity: 'must',
    mend: 'Authenticate before anything else is decided: answer 401 with `WWW-Authenticate: Bearer …`.',
    async run(bench) {
      const answer = await bench.challenged()
      return expectThat(answer.status === 401 && bearerParameters(answer.headers) !== undefined, tell(answer))
    },
  },
  {
    id: 'resource-server.challenge-metadata',
    rows: ['MC-01'],
    title: 'names its metadata in the challenge',
    section: 'RFC 9728 §5.1',
    severity: 'must',
    mend: 'Add `resource_metadata="https://…/.well-known/oauth-protected-resource/…"` to the challenge; clients find the authorization server by it.',
    async run(bench) {
      const { answer, parameters } = await challenge(bench)
      return expectThat(URL.canParse(parameters.get('resource_metadata') ?? ''), tell(answer))
    },
  },
  {
    id: 'resource-server.challenge-without-error',
    rows: ['MC-01'],
    title: 'names no error in the challenge when no token was sent',
    section: 'RFC 6750 §3.1',
    severity: 'should',
    mend: 'Leave `error` out of the challenge of a request that carried no credentials: it is no failure, it is a question.',
    async run(bench) {
      const { answer, parameters } = await challenge(bench)
      return expectThat(!parameters.has('error'), tell(answer))
    },
  },
  {
    id: 'resource-server.challenge-scope',
    rows: ['MC-01'],
    title: 'names the scopes to ask for in the challenge',
    section: 'MCP 2025-11-25 Authorization, Protected Resource Metadata Discovery Requirements',
    severity: 'should',
    mend: 'Add `scope="…"` with what a first connection needs; without it clients ask users for every scope that the metadata lists.',
    async run(bench) {
      const { answer, parameters } = await challenge(bench)
      return expectThat((parameters.get('scope') ?? '') !== '', tell(answer))
    },
  },
  {
    id: 'resource-server.invalid-token',
    rows: ['MC-01'],
    title: 'refuses a token that nobody issued with 401 invalid_token',
    section: 'RFC 6750 §3.1',
    severity: 'must',
    mend: 'Answer 401 with `error="invalid_token"`; clients renew their token on that alone.',
    async run({ mcp }) {
      const { message, headers } = modernRequest('server/discover')
      const answer = await mcp.post(message, wrongToken, { headers })
      const error = bearerParameters(answer.headers)?.get('error')
      return expectThat(answer.status === 401 && error === 'invalid_token', tell(answer))
    },
  },
  {
    id: 'resource-server.fails-closed',
    title: 'executes and lists nothing for a caller without a token',
    section: 'MCP 2025-11-25 Authorization, Access Token Usage',
    severity: 'must',
    mend: 'Put one gate in front of every method. A check inside a tool that is skipped when there is no caller lets everybody in.',
    async run(bench) {
      const name = bench.target.tool?.name ?? 'gatewright-testkit-no-such-tool'
      const calls: [string, Record<string, unknown>][] = [
        ['tools/list', {}],
        ['tools/call', { name, arguments: bench.target.tool?.arguments ?? {} }],
        ['resources/list', {}],
        ['prompts/list', {}],
      ]
      const served: string[] = []
      for (const [method, params] of calls) {
        const { message, headers } = modernRequest(method, params)
        const plain = { jsonrpc: '2.0', id: 1, method, params }
        for (const answer of [
          await bench.mcp.post(message, undefined, { headers }),
          await bench.mcp.post(plain, undefined, { headers: { 'mcp-protocol-version': '2025-11-25' } }),
        ])
          if (answer.status < 400 && !served.some((told) => told.startsWith(`${method}:`)))
            served.push(`${method}: ${tell(answer)}`)
      }
      return expectThat(served.length === 0, `served without a token: ${served.join('; ')}`)
    },
  },
]
