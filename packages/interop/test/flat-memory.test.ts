import { createTarget } from '@gatewright-examples/target'
import { readSettings } from '@gatewright-examples/target/settings'
import { describe, expect, it } from 'vitest'

const origin = 'http://127.0.0.1:4000'

/** The heap after everything that nobody holds is gone. */
function liveHeap(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

describe('a server that goes on answering', () => {
  it('DS-12 keeps nothing of the requests that it has answered, and attaches nothing to the process', async () => {
    const target = createTarget(readSettings({ PORT: '4000', EVENTS_KEPT: '0' }))
    const send = async (path: string, init?: RequestInit) => {
      const response = await target.handle(new Request(origin + path, init), { ip: '127.0.0.1' })
      return { status: response?.status, text: await response?.text() }
    }
    const form = (body: string) => ({
      method: 'POST',
      body,
      headers: {
        authorization: `Basic ${btoa('svc:svc-secret')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    })
    const rpc = (token: string, method: string, params: object) => ({
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
    })
    const resource = encodeURIComponent(`${origin}/mcp`)
    let token = ''
    const round = async () => {
      for (let count = 0; count < 300; count++) {
        const issued = await send('/token', form(`grant_type=client_credentials&resource=${resource}`))
        expect(issued.status).toBe(200)
        // Signature checks are cached, within bounds, so most calls come with a token that was seen before.
        if (count % 50 === 0) token = (JSON.parse(issued.text ?? '') as { access_token: string }).access_token
        const call = { name: 'get_applications', arguments: { owner: 'admin' } }
        expect((await send('/mcp', rpc(token, 'tools/call', call))).status).toBe(200)
        expect((await send('/mcp', rpc('wrong', 'tools/list', {}))).status).toBe(401)
        expect((await send('/token', form('grant_type=refresh_token&refresh_token=x'))).status).toBe(400)
        expect((await send('/.well-known/oauth-authorization-server')).status).toBe(200)
      }
    }
    const listeners = () => process.eventNames().map((name) => process.listenerCount(name))
    // The first rounds fill what is bounded: caches, and compiled code.
    await round()
    await round()
    const [before, attached] = [liveHeap(), listeners()]
    await round()
    await round()
    await round()
    const grown = liveHeap() - before
    // 4,500 requests that left 1 KB each would be 4.5 MB.
    expect(grown).toBeLessThan(1_500_000)
    expect(listeners()).toEqual(attached)
  }, 120_000)
})
