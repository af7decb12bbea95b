// Measures how many bytes a request allocates, in a process in which nothing else has run: code that has met other objects allocates
// differently.
import { Session } from 'node:inspector/promises'
import { createInterface } from 'node:readline'
import { createTarget } from '@gatewright-examples/target'
import { readSettings } from '@gatewright-examples/target/settings'

/** Asks how many bytes a request allocates. */
export interface BytesOf {
  readonly name: 'bytes'
  readonly of: 'token' | 'call' | 'list'
}

type Handler = (request: Request) => Response | undefined | Promise<Response | undefined>
type Sent = readonly [path: string, body: string, headers: Record<string, string>]

const origin = 'http://127.0.0.1:4000'
const count = 500
const target = createTarget(readSettings({ PORT: '4000', EVENTS_KEPT: '0' }))
const handle: Handler = (request) => target.handle(request, { ip: '127.0.0.1' })

async function send(handler: Handler, [path, body, headers]: Sent): Promise<string> {
  const response = await handler(new Request(origin + path, { method: 'POST', body, headers }))
  const text = (await response?.text()) ?? ''
  if (response?.status !== 200) throw new Error(`${path} answered ${response?.status}: ${text}`)
  return text
}

/** Bytes that an operation allocates, whether or not they were collected since, as the engine samples them. */
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
async function bytesBeyondFetch(sent: Sent): Promise<number> {
  const answer = await send(handle, sent)
  const nothing: Handler = async (request) => {
    await request.text()
    return new Response(answer, { headers: { 'content-type': 'application/json' } })
  }
  return (await bytesOf(() => send(handle, sent))) - (await bytesOf(() => send(nothing, sent)))
}

const askForToken: Sent = [
  '/token',
  `grant_type=client_credentials&resource=${encodeURIComponent(`${origin}/mcp`)}`,
  {
    authorization: `Basic ${btoa('svc:svc-secret')}`,
    'content-type': 'application/x-www-form-urlencoded',
  },
]
const { access_token: token } = JSON.parse(await send(handle, askForToken)) as { access_token: string }
const rpc = (method: string, params: object): Sent => [
  '/mcp',
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  },
]
const requests = {
  token: askForToken,
  call: rpc('tools/call', { name: 'get_applications', arguments: { owner: 'admin' } }),
  list: rpc('tools/list', {}),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, command } = JSON.parse(line) as { id: number; command: BytesOf }
  void bytesBeyondFetch(requests[command.of]).then((result) =>
    process.stdout.write(`${JSON.stringify({ id, result })}\n`),
  )
})
process.stdout.write('listening\n')
// Whoever started it has gone.
process.stdin.on('end', () => process.exit(0))
