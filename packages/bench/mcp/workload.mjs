import { isAnswer, requestOf } from './tools.mjs'

/** Makes a contender of an MCP server: `handle` answers a `Request`, `server` is what listens. Its callers come in turns. */
export function workload(
  { handle, server, token, tokens = [token], path = '/mcp', origin = 'https://mcp.example.com' },
  options,
) {
  const { method, modern = true, count } = options
  const specs = tokens.map((each) => requestOf(method, { modern, token: each, path }))
  let asked = 0
  async function answerTo({ body, headers, expect }) {
    const sent = { ...headers, 'content-length': String(body.length) }
    const response = await handle(new Request(origin + path, { method: 'POST', headers: sent, body }))
    if (response.status !== expect)
      throw new Error(`${method} answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
    return response
  }
  return {
    async check() {
      const text = await (await answerTo(specs[0])).text()
      if (!isAnswer(method, text, count)) throw new Error(`${method} answered ${text.slice(-300)}`)
    },
    async run(spec) {
      const size = await sizeOf(await answerTo(spec))
      if (size < 20) throw new Error(`${method} answered ${size} bytes`)
    },
    ...(specs.length === 1
      ? { request: specs[0] }
      : { prepare: (times) => Array.from({ length: times }, () => specs[asked++ % specs.length]) }),
    server,
  }
}

/** Reads an answer as what writes it to a socket does: the bytes, as they come. Nobody makes a text of them before a client has them. */
async function sizeOf({ body }) {
  const reader = body.getReader()
  for (let size = 0; ;) {
    const { done, value } = await reader.read()
    if (done) return size
    size += value.byteLength
  }
}
