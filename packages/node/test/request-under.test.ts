import { expect, test } from 'vitest'
import { requestUnder } from '../src/request-under.ts'

const url = 'https://gateway.example/token'

test('a request that does not say how it is made is not copied', () => {
  expect(requestUnder(url, new Request('http://10.0.0.7/token'))).toBeUndefined()
  class Other extends Request {}
  expect(requestUnder(url, new Other('http://10.0.0.7/token'))).toBeUndefined()
})

/** A request that keeps what it is made of under symbols, as those of a server for Node.js do. */
function builtLike(parts: Record<string, unknown>): Request {
  const symbols = Object.fromEntries([...Object.keys(parts), 'urlKey'].map((name) => [name, Symbol(name)]))
  const controller = Symbol('getAbortController')
  const prototype = Object.create(Request.prototype, {
    [controller]: { value: () => controllerOf },
    signal: {
      get(this: Record<symbol, () => AbortController>) {
        return this[controller]?.().signal
      },
    },
  }) as object
  const urlKey = symbols['urlKey'] as symbol
  Object.defineProperty(prototype, 'url', {
    get(this: Record<symbol, unknown>) {
      return this[urlKey]
    },
  })
  const request = Object.create(prototype) as Record<symbol, unknown>
  request[urlKey] = 'http://10.0.0.7/token'
  for (const [name, value] of Object.entries(parts)) request[symbols[name] as symbol] = value
  return request as unknown as Request
}
const controllerOf = new AbortController()

test('the copy has the other URL and the signal of the original', () => {
  const raw = builtLike({ incomingKey: {}, methodKey: 'POST' })
  const copy = requestUnder(url, raw)
  expect([copy?.url, raw.url]).toEqual([url, 'http://10.0.0.7/token'])
  expect(copy?.signal).toBe(raw.signal)
  expect(copy).toBeInstanceOf(Request)
})

test.each(['requestCache', 'bodyConsumedDirectly', 'bodyBuffer', 'bodyReadPromise', 'whatever comes next'])(
  'a request that has %s is not copied',
  (name) => {
    expect(requestUnder(url, builtLike({ incomingKey: {}, [name]: true }))).toBeUndefined()
  },
)
