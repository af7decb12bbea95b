import type { AccessToken } from '@gatewright/resource-server'
import { describe, expect, it } from 'vitest'
import { createStreams, type Place, type Streams } from '../src/gate/streams.ts'

const caller = {
  issuer: 'https://a.example',
  subject: 'alice',
  clientId: 'app',
  expiresAt: 60_000,
} as AccessToken
const events = { headers: { 'content-type': 'text/event-stream' } }
const open = () => new Response(new ReadableStream(), events)

describe('DS-11 the only place of a caller', () => {
  const streams = () => createStreams({ perCaller: 1 }, () => 0)
  const take = (all: Streams) => all.take(caller) as Place
  const isFree = (all: Streams) => !(all.take(caller) instanceof Response)

  it('is taken before there is a stream', () => {
    const all = streams()
    take(all)
    expect(isFree(all)).toBe(false)
  })

  it.each<[string, (place: Place) => unknown]>([
    ['when there is no stream after all', (place) => place.leave()],
    ['once, however often', (place) => [place.leave(), place.leave()]],
    ['by an answer that is no stream', (place) => place.count(Response.json({}))],
    ['by a stream that was refused', (place) => place.hold(new Response('no', { status: 400 }), () => {})],
    ['by a stream without a body', (place) => place.hold(new Response(null), () => {})],
    ['by the end of a stream of news', (place) => place.hold(open(), () => {}).body?.cancel()],
    ['by the end of the stream of an answer', (place) => place.count(open()).body?.cancel()],
  ])('is given up %s', async (_how, end) => {
    const all = streams()
    await end(take(all))
    expect(isFree(all)).toBe(true)
    expect(isFree(all)).toBe(false)
  })

  it.each<[string, (place: Place) => Response]>([
    ['of news', (place) => place.hold(open(), () => {})],
    ['of an answer', (place) => place.count(open())],
  ])('is kept while a stream %s is open', (_what, begin) => {
    const all = streams()
    begin(take(all))
    expect(isFree(all)).toBe(false)
  })
})
