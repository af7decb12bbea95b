// MCP 2026-07-28: `subscriptions/listen` is the one stream that outlives its request.
import { describe, expect, it } from 'vitest'
import { text } from '../src/index.ts'
import { mint } from './support/issuer.ts'
import { lines, postModern, request, rpc, testApp } from './support/app.ts'

const reader = await mint('read:application')
const ask = (id = 'l') =>
  request('subscriptions/listen', { notifications: { toolsListChanged: true, promptsListChanged: true } }, id)

async function heapInUse(): Promise<number> {
  for (let pass = 0; pass < 3; pass++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

const modernLines = lines.filter(({ modern }) => modern)

function messagesOf(response: Response) {
  const reading = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let rest = ''
  return {
    cancel: () => reading.cancel(),
    async next(): Promise<{ method?: string } | undefined> {
      for (;;) {
        const [, data] = /(?:^|\n)data: (.+)\n/.exec(rest) ?? []
        if (data !== undefined) {
          rest = rest.slice(rest.indexOf(data) + data.length)
          return JSON.parse(data) as { method?: string }
        }
        const { done, value } = await reading.read()
        if (done) return undefined
        rest += decoder.decode(value, { stream: true })
      }
    },
  }
}

describe.each(modernLines)('$line', (line) => {
  it('tells of a step-up and of what is registered, to its own caller', async () => {
    const { handler, registry } = testApp(line)
    const response = await postModern(handler, reader, ask())
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const alice = messagesOf(response)
    const bob = await mint('read:application', { sub: 'bob' })
    const ofBob = messagesOf(await postModern(handler, bob, ask()))
    expect(await alice.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' })
    expect(await ofBob.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' })
    const writer = await mint('write:application')
    await postModern(handler, writer, request('tools/list'))
    expect(await alice.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
    expect(await alice.next()).toMatchObject({ method: 'notifications/prompts/list_changed' })
    registry.remove('prompt', 'review')
    registry.register('new', { description: 'x', public: true }, () => text(''))
    expect(await ofBob.next()).toMatchObject({ method: 'notifications/prompts/list_changed' })
    expect(await ofBob.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
    await alice.cancel()
    await ofBob.cancel()
  })

  it('DS-11 1000 listeners of one caller: a limit and 429 beyond it, and nothing is left after they close', async () => {
    const { handler } = testApp(line, { streams: { perCaller: 50 } })
    for (let round = 0; round < 3; round++) {
      const responses = await Promise.all(
        Array.from({ length: 1000 }, (_, index) => postModern(handler, reader, ask(`l${index}`))),
      )
      const listening = responses.filter(({ status }) => status === 200)
      expect(listening).toHaveLength(50)
      const refused = responses.filter(({ status }) => status === 429)
      expect(refused).toHaveLength(950)
      expect(refused[0]?.headers.get('retry-after')).toBe('60')
      for (const { body } of listening) await body?.cancel()
    }
  })

  it('DS-11 the heap is as large after 1000 listeners as before', { timeout: 60_000 }, async () => {
    const { handler } = testApp(line, { streams: { perCaller: 1000 } })
    const listenAndClose = async (times: number) => {
      const open = []
      for (let index = 0; index < times; index++)
        open.push(await postModern(handler, reader, ask(`l${index}`)))
      for (const { body } of open) await body?.cancel()
    }
    // What is compiled and cached once comes with the first ones.
    await listenAndClose(1000)
    const before = await heapInUse()
    await listenAndClose(1000)
    const grown = (await heapInUse()) - before
    // Each listener that is not let go of leaves more than five kilobytes behind.
    expect(grown).toBeLessThan(1_000_000)
  })

  it('needs a token, and ends with it', async () => {
    const { handler } = testApp(line)
    expect((await postModern(handler, undefined, ask())).status).toBe(401)
    const short = await mint('read:application', { exp: Math.floor(Date.now() / 1000) + 2 })
    const stream = messagesOf(await postModern(handler, short, ask()))
    expect(await stream.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' })
    expect(await stream.next()).toBeUndefined()
  })

  it('is announced, and only what it tells of', async () => {
    const { result } = await rpc(postModern(testApp(line).handler, reader, request('server/discover')))
    expect(result?.capabilities).toMatchObject({ tools: { listChanged: true } })
  })
})
