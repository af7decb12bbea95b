import { expect, test } from 'vitest'
import { composeHandlers } from '@gatewright/core'
import type { RequestContext, RequestHandler } from '@gatewright/core'

const origin = 'https://example.com'
const request = new Request(`${origin}/a`)
const answering = (text: string): RequestHandler => ({ origin, handle: async () => new Response(text) })
const passing: RequestHandler = { origin, handle: async () => undefined }

test('the first handler that answers wins', async () => {
  const response = await composeHandlers(passing, answering('one'), answering('two')).handle(request)
  expect(await response?.text()).toBe('one')
})

test('handlers after the one that answers are not asked', async () => {
  const asked: string[] = []
  const spy: RequestHandler = {
    origin,
    async handle() {
      asked.push('spy')
      return undefined
    },
  }
  await composeHandlers(answering('one'), spy).handle(request)
  expect(asked).toEqual([])
})

test('when no handler answers, the whole does not', async () => {
  expect(await composeHandlers(passing, passing).handle(request)).toBeUndefined()
})

test('every handler gets the request and its context', async () => {
  const seen: unknown[] = []
  const recording: RequestHandler = {
    origin,
    async handle(...parameters) {
      seen.push(parameters)
      return undefined
    },
  }
  const context: RequestContext = { ip: '192.0.2.1' }
  await composeHandlers(recording, recording).handle(request, context)
  expect(seen).toEqual([
    [request, context],
    [request, context],
  ])
})

test('handlers of two origins are refused, because only one of them can be right', () => {
  const stranger = { ...passing, origin: 'https://other.example' }
  expect(() => composeHandlers(passing, stranger)).toThrow(
    new TypeError('handlers of https://example.com and https://other.example cannot be composed'),
  )
})

test('no handler at all is refused', () => {
  expect(() => composeHandlers()).toThrow(TypeError)
})
