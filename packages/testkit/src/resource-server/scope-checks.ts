import { tell } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { bearerParameters } from '../bench/challenge.ts'
import { once } from '../bench/once.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check } from '../check.ts'

const refusals = new WeakMap<Bench, () => ReturnType<typeof refuse>>()

/** Calls the gated tool with a token that lacks its scope. */
async function refuse(bench: Bench) {
  const { tool } = bench.target
  if (tool === undefined) throw new NotApplicable('no tool was named whose scope a token can lack')
  const { access_token: token, scope } = await bench.signIn(await bench.client('public'))
  const granted = (scope ?? (await bench.scope()) ?? '').split(' ')
  if (granted.includes(tool.scope))
    throw new NotApplicable(`the token has ${tool.scope}: give a \`scope\` without it`)
  const call = await bench.mcp.open(token)
  const answer = await call('tools/call', { name: tool.name, arguments: tool.arguments ?? {} })
  return { answer, granted, tool, call, parameters: bearerParameters(answer.headers) }
}

/** The same call for all checks of it. */
function refusal(bench: Bench) {
  const known = refusals.get(bench) ?? once(() => refuse(bench))
  refusals.set(bench, known)
  return known()
}

/** What a token may do that has too few scopes. */
export const scopeChecks: readonly Check[] = [
  {
    id: 'resource-server.insufficient-scope',
    rows: ['MC-03'],
    title: 'answers a tool call whose scope is missing 403 insufficient_scope',
    section: 'RFC 6750 §3.1',
    severity: 'must',
    mend: 'Refuse before the tool runs, by HTTP 403 with a Bearer challenge. An error inside a 200 makes no client ask for more.',
    async run(bench) {
      const { answer, parameters } = await refusal(bench)
      return expectThat(
        answer.status === 403 && parameters?.get('error') === 'insufficient_scope',
        tell(answer),
      )
    },
  },
  {
    id: 'resource-server.step-up',
    rows: ['MC-03'],
    title: 'names in that challenge all scopes to ask for: the missing one and those that the token has',
    section: 'MCP 2025-11-25 Authorization, Scope Challenge Handling',
    severity: 'should',
    mend: 'Name the granted scopes beside the missing one; clients ask for exactly what the challenge names, and lose the rest.',
    async run(bench) {
      const { answer, parameters, granted, tool } = await refusal(bench)
      if (answer.status !== 403)
        throw new NotApplicable('it is not refused (see resource-server.insufficient-scope)')
      const named = (parameters?.get('scope') ?? '').split(' ')
      const wanted = [tool.scope, ...granted.filter((scope) => scope !== '' && scope !== 'offline_access')]
      const missing = wanted.filter((scope) => !named.includes(scope))
      return expectThat(missing.length === 0, `the challenge lacks ${missing.join(' ')}: ${tell(answer)}`)
    },
  },
  {
    id: 'resource-server.step-up-metadata',
    rows: ['MC-03'],
    title: 'names its metadata in that challenge too',
    section: 'MCP 2025-11-25 Authorization, Scope Challenge Handling',
    severity: 'should',
    mend: 'Add `resource_metadata` to the 403 as to the 401.',
    async run(bench) {
      const { answer, parameters } = await refusal(bench)
      if (answer.status !== 403)
        throw new NotApplicable('it is not refused (see resource-server.insufficient-scope)')
      return expectThat(parameters?.has('resource_metadata') === true, tell(answer))
    },
  },
  {
    id: 'resource-server.list-by-scope',
    rows: ['MC-20'],
    title: 'lists only tools that the token may call',
    section: 'MCP 2026-07-28 Tools, Capabilities',
    severity: 'may',
    mend: 'Filter tools/list by the rule that decides calls, for each caller anew.',
    async run(bench) {
      const { call, tool } = await refusal(bench)
      const { json } = await call('tools/list')
      const { tools } = (json['result'] ?? {}) as { tools?: unknown }
      if (!Array.isArray(tools)) throw new NotApplicable('it lists no tools')
      const names = (tools as { name?: unknown }[]).map(({ name }) => name)
      return expectThat(
        !names.includes(tool.name),
        `${tool.name} is listed for a token without ${tool.scope}`,
      )
    },
  },
]
