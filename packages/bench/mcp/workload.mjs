import { isAnswer, requestOf } from './tools.mjs'

/** Makes a contender of an MCP server: `handle` answers a `Request`, `server` is what listens. Its callers come in turns. */
export function workload(
  { handle, server, token, tokens = [token], path = '/mcp', origin = 'https://mcp.example.com' },
  options,
) {
  const { method, modern = true, count } = options
  const specs = tokens.map((each) => requestOf(method, { modern, token: each, path }))
  let asked = 0
  async function run({ expect, ...plain }) {
    const headers = { ...plain.headers, 'content-length': String(plain.body.length) }
    const response = await handle(new Request(origin + path, { method: 'POST', headers, body: plain.body }))
    const text = await response.text()
    if (response.status !== expect || text.length < 20)
      throw new Error(`${method} answered ${text.slice(0, 300)}`)
    return text
  }
  return {
    async check() {
      const text = await run(specs[0])
      if (!isAnswer(method, text, count)) throw new Error(`${method} answered ${text.slice(-300)}`)
    },
    run,
    prepare: (times) => Array.from({ length: times }, () => specs[asked++ % specs.length]),
    server,
  }
}
