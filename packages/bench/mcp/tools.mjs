import { z } from 'zod'

export const scopeNames = Array.from({ length: 10 }, (_, index) => `scope:${index}`)
/** What the caller holds: half of the scopes, and so of the tools. */
export const heldScopes = scopeNames.slice(0, 5)

/** So many sets of as many scopes, all different; the first is what the caller holds where there is one. */
export function scopeSets(count) {
  const half = scopeNames.length / 2
  const sets = []
  for (let mask = 2 ** half - 1; sets.length < count; mask++) {
    const set = scopeNames.filter((_, index) => (mask >>> index) % 2 === 1)
    if (set.length === half) sets.push(set)
  }
  return sets
}

/** So many tools, spread evenly over the scopes. */
export function toolsOf(count) {
  return Array.from({ length: count }, (_, index) => ({
    name: index === 0 ? 'echo' : `tool_${index}`,
    description: `Does what tool number ${index} of the benchmark does`,
    scope: scopeNames[index % scopeNames.length],
    input: z.object({ text: z.string(), count: z.number().optional() }),
  }))
}

const revision = '2026-07-28'
const meta = {
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
}

/** The request of a job: of 2026-07-28, or of the revision before that needs no handshake. */
export function requestOf(method, { modern, token, path = '/mcp' }) {
  const params = method === 'tools/call' ? { name: 'echo', arguments: { text: 'hello' } } : {}
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method,
    params: modern ? { ...params, _meta: meta } : params,
  })
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': modern ? revision : '2025-11-25',
      ...(modern ? { 'mcp-method': method } : {}),
      ...(modern && method === 'tools/call' ? { 'mcp-name': 'echo' } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    expect: 200,
  }
}

/** Whether an answer is what was asked for, and not an error in a good status. */
export function isAnswer(method, text, count) {
  if (method === 'tools/call') return text.includes('"text":"hello"') && !text.includes('"isError":true')
  const last = heldScopes.length < scopeNames.length ? count - scopeNames.length / 2 - 1 : count - 1
  return text.includes('"tools":[') && (count < 10 || text.includes(`"tool_${last}"`))
}
