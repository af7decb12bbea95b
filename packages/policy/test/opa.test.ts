import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { allOf, opa } from '@gatewright/policy'
import { input } from './support.ts'

const agents: Server[] = []
afterEach(() => {
  for (const agent of agents.splice(0)) {
    agent.close()
    agent.closeAllConnections()
  }
})

/** An agent that answers every question in one way. */
async function agent(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  agents.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/data/orchestrator/result`
}

const answering = (body: string, status = 200) =>
  agent((_request, response) => response.writeHead(status).end(body))

describe('opa', () => {
  it('sends the document and takes the decision', async () => {
    let asked = ''
    const url = await agent((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => (asked += chunk))
      request.on('end', () =>
        response.end(JSON.stringify({ result: { allowed: false, external_message: 'not today' } })),
      )
    })
    expect(await opa({ url })(input({ ip: '10.1.2.3' }))).toEqual({
      allowed: false,
      external_message: 'not today',
      rule: 'opa',
    })
    expect(JSON.parse(asked)).toEqual({ input: input({ ip: '10.1.2.3' }) })
  })

  it.each([
    ['an error', '{"code":"internal"}', 500],
    ['no such rule', '{}', 200],
    ['a decision that is not a boolean', '{"result":{"allowed":"true"}}', 200],
    ['no JSON', '<html>', 200],
    ['a huge answer', `{"result":{"allowed":true,"x":"${'x'.repeat(70_000)}"}}`, 200],
  ])('denies on %s', async (_what, body, status) => {
    const policy = allOf(opa({ url: await answering(body, status) }))
    expect((await policy(input())).allowed).toBe(false)
  })

  it('denies when the agent is slow, redirects or is not there', async () => {
    const slow = await agent(() => {})
    const redirecting = await agent((_request, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
    )
    const url = 'http://127.0.0.1:9/v1/data/x'
    for (const policy of [opa({ url: slow, timeout: 50 }), opa({ url: redirecting }), opa({ url })])
      expect((await allOf(policy)(input())).allowed).toBe(false)
  })

  it('refuses an address that is not http at construction', () => {
    expect(() => opa({ url: 'file:///etc/policy' })).toThrow(TypeError)
  })
})
