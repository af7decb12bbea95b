// How many bytes a request allocates, sampled by the engine: unlike times, they are the same on every machine.
import { Session } from 'node:inspector/promises'
import { createTarget } from '@gatewright-examples/target'
import { readSettings } from '@gatewright-examples/target/settings'
import { describe, expect, it } from 'vitest'

const origin = 'http://127.0.0.1:4000'
const count = 500
const kilobyte = 1024
// Only V8 samples allocations, and Deno does not tell of them.
const samples = !('Bun' in globalThis) && !('Deno' in globalThis)

type Handler = (request: Request) => Response | undefined | Promise<Response | undefined>
type Sent = readonly [path: string, body: string, headers: Record<string, string>]

async function send(handle: Handler, [path, body, headers]: Sent): Promise<string> {
  const response = await handle(new Request(origin + path, { method: 'POST', body, headers }))
  const text = (await response?.text()) ?? ''
  if (response?.status !== 200) throw new Error(`${path} answered ${response?.status}: ${text}`)
  return text
}

/** Bytes that an operation allocates, whether or not they were collected since. */
async function bytesOf(operation: () => Promise<unknown>): Promise<number> {
  const session = new Session()
  session.connect()
  // Compiled code allocates less.
  for (let warm = 0; warm < 2 * count; warm++) await operation()
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  for (let time = 0; time < count; time++) await operation()
  const { profile } = await session.post('HeapProfiler.stopSampling')
  session.disconnect()
  return sizeOf(profile.head) / count
}

interface Allocations {
  readonly selfSize: number
  readonly children: readonly Allocations[]
}

function sizeOf({ selfSize, children }: Allocations): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize)
}

/** What is allocated beyond the objects of `fetch`, which a handler that does nothing has as well. */
async function bytesBeyondFetch(handle: Handler, sent: Sent): Promise<number> {
  const answer = await send(handle, sent)
  const nothing: Handler = async (request) => {
    await request.text()
    return new Response(answer, { headers: { 'content-type': 'application/json' } })
  }
  return (await bytesOf(() => send(handle, sent))) - (await bytesOf(() => send(nothing, sent)))
}

describe.skipIf(!samples)('bytes that a request allocates, beyond the objects of fetch', () => {
  const target = createTarget(readSettings({ PORT: '4000', EVENTS_KEPT: '0' }))
  const handle: Handler = (request) => target.handle(request, { ip: '127.0.0.1' })
  const askForToken: Sent = [
    '/token',
    `grant_type=client_credentials&resource=${encodeURIComponent(`${origin}/mcp`)}`,
    {
      authorization: `Basic ${btoa('svc:svc-secret')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  ]
  const rpc = async (method: string, params: object): Promise<Sent> => {
    const { access_token: token } = JSON.parse(await send(handle, askForToken)) as { access_token: string }
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    return ['/mcp', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), headers]
  }

  it('a token of client credentials', async () => {
    expect((await bytesBeyondFetch(handle, askForToken)) / kilobyte).toBeLessThan(48)
  })

  it('a call of a tool', async () => {
    const call = await rpc('tools/call', { name: 'get_applications', arguments: { owner: 'admin' } })
    expect((await bytesBeyondFetch(handle, call)) / kilobyte).toBeLessThan(35)
  })

  it('a list of tools', async () => {
    expect((await bytesBeyondFetch(handle, await rpc('tools/list', {}))) / kilobyte).toBeLessThan(24)
  })
})
