import { tell } from '../bench/answer.ts'
import { initialize } from '../bench/discovery.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'
import { isLoopbackHostname } from '@gatewright/core'

/** Requests that no honest client sends. */
export const requestChecks: readonly Check[] = [
  {
    id: 'resource-server.origin',
    rows: ['MC-30'],
    title: 'refuses requests of pages of a foreign origin',
    section: 'MCP 2025-11-25 Transports, Security Warning',
    severity: 'must',
    mend: 'Check the Origin header against the origins that you allow, and answer 403: a page must not drive a server that only this machine can reach.',
    async run(bench) {
      const token = await bench.accessToken().catch(() => undefined)
      const answer = await bench.mcp.post(initialize, token, {
        headers: { origin: 'https://attacker.example' },
      })
      // Without a token the challenge is an answer too: nothing was done, and nothing was read.
      if (token === undefined && answer.status === 401)
        throw new NotApplicable('it takes a token to find out')
      return expectThat(answer.status === 403, tell(answer))
    },
  },
  {
    id: 'resource-server.host',
    rows: ['MC-31'],
    title: 'refuses requests to a foreign host when it runs on this machine',
    section: 'MCP 2025-11-25 Transports, Security Warning',
    severity: 'must',
    mend: 'Compare the Host header with the name that the server has, and answer 403: this stops DNS rebinding.',
    async run(bench) {
      if (!isLoopbackHostname(bench.resource().hostname))
        throw new NotApplicable('it does not run on this machine')
      const token = await bench.accessToken().catch(() => undefined)
      const answer = await bench.mcp.post(initialize, token, { headers: { host: 'attacker.example' } })
      if (token === undefined && answer.status === 401)
        throw new NotApplicable('it takes a token to find out')
      return expectThat(answer.status === 403 || answer.status === 421, tell(answer))
    },
  },
  {
    id: 'resource-server.malformed',
    rows: ['MC-11', 'MC-41'],
    title: 'answers malformed messages as the fault of the client',
    section: 'JSON-RPC 2.0 §5.1',
    severity: 'must',
    mend: 'Validate before use: a name that is no string, a body that is no JSON or no object must not end in a 500.',
    async run(bench) {
      const token = await bench.accessToken()
      const call = await bench.mcp.open(token)
      const names = [['x'], {}, null, 0, '__proto__', 'constructor', '']
      for (const name of names) {
        const answer = await call('tools/call', { name, arguments: {} })
        if (answer.status >= 500) return failed(`tool name ${JSON.stringify(name)}: ${tell(answer)}`)
        const result = answer.json['result']
        if (typeof result === 'object' && result !== null && !('isError' in result))
          return failed(`tool name ${JSON.stringify(name)} was called: ${tell(answer)}`)
      }
      for (const body of ['{', '[]', 'null', '"x"', '0']) {
        const answer = await bench.mcp.post(undefined, token, { body })
        if (answer.status >= 500 || answer.status < 400) return failed(`body ${body}: ${tell(answer)}`)
      }
      return passed
    },
  },
  {
    id: 'resource-server.content-type',
    rows: ['MC-41'],
    title: 'reads no message of a type that a page may send without asking',
    section: 'MCP 2025-11-25 Transports, Sending Messages to the Server',
    severity: 'should',
    mend: 'Answer 415 to anything but application/json.',
    async run(bench) {
      const answer = await bench.mcp.post(initialize, await bench.accessToken(), {
        headers: { 'content-type': 'text/plain' },
        body: JSON.stringify(initialize),
      })
      return expectThat(answer.status >= 400, tell(answer))
    },
  },
]
