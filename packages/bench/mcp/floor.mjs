// The least that a gate must do: find the verified token by its hash, check its times and scopes, read the message, and answer with
// what was written down at registration. `web` puts it behind `Request` and `Response`.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { z } from 'zod'
import { readSimple, writeSimple } from '../authorization/plain-http.mjs'
import { heldScopes, isAnswer, requestOf, scopeNames, toolsOf } from './tools.mjs'

const json = { 'content-type': 'application/json' }
const token = 'a-token-of-the-floor'

/** Opens the floor. */
export function open({ method, count, web = false }) {
  const bit = new Map(scopeNames.map((name, index) => [name, 1 << index]))
  const maskOf = (names) => names.reduce((mask, name) => mask | bit.get(name), 0)
  const tools = new Map(
    toolsOf(count).map(({ name, description, scope, input }) => [
      name,
      {
        needed: maskOf([scope]),
        listed: JSON.stringify({ name, description, inputSchema: z.toJSONSchema(input) }),
        input,
        call: ({ text }) => ({ content: [{ type: 'text', text }] }),
      },
    ]),
  )
  const verified = new Map([
    [hash(token), { mask: maskOf(heldScopes), exp: Math.floor(Date.now() / 1000) + 3600 }],
  ])
  const lists = new Map()

  function handle({ headers, body }) {
    const caller = verified.get(hash((headers.authorization ?? '').slice(7)))
    if (caller === undefined || caller.exp * 1000 <= Date.now())
      return { status: 401, headers: json, body: '{}' }
    const message = JSON.parse(body)
    if (message.jsonrpc !== '2.0') return { status: 400, headers: json, body: '{}' }
    const result = message.method === 'tools/list' ? list(caller) : call(message.params, caller)
    return {
      status: 200,
      headers: json,
      body: `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${result}}`,
    }
  }

  function list({ mask }) {
    const known = lists.get(mask)
    if (known !== undefined) return known
    const visible = [...tools.values()].filter(({ needed }) => (needed & mask) === needed)
    const made = `{"tools":[${visible.map(({ listed }) => listed).join(',')}]}`
    lists.set(mask, made)
    return made
  }

  function call({ name, arguments: given }, { mask }) {
    const tool = tools.get(name)
    if (tool === undefined || (tool.needed & mask) !== tool.needed) throw new Error('scope')
    return JSON.stringify(tool.call(tool.input.parse(given)))
  }

  const spec = requestOf(method, { modern: true, token })
  const overWeb = async () => {
    const { expect: _expect, path, ...init } = spec
    const request = new Request(`https://mcp.example.com${path}`, init)
    const headers = { authorization: request.headers.get('authorization') }
    const answer = handle({ headers, body: await request.text() })
    const response = new Response(answer.body, answer)
    return response.text()
  }
  if (!isAnswer(method, handle(spec).body, count)) throw new Error('the floor does not answer')
  return {
    run: web ? overWeb : () => handle(spec),
    request: spec,
    server: () =>
      createServer((incoming, outgoing) => {
        void readSimple(incoming).then((request) => writeSimple(outgoing, handle(request)))
      }),
  }
}

const hash = (text) => createHash('sha256').update(text).digest('base64url')
