import { expect, test } from 'vitest'
import { toNodeListener } from '../src/index.ts'
import { responseParts } from '../src/response-parts.ts'

// Takes the globals' place, as it does for whoever uses the package.
toNodeListener({ origin: 'https://gateway.example', handle: async () => undefined })
const BuiltIn = Object.getPrototypeOf(Response) as typeof Response

test('a text body stays a text until it is written', () => {
  const headers = { 'content-type': 'application/json' }
  expect(responseParts(new Response('{}', { status: 201, headers }))).toEqual({
    status: 201,
    headers,
    body: '{}',
  })
  expect(responseParts(new BuiltIn('{}')).body).toBeInstanceOf(ReadableStream)
})

test.each([
  ['blob', () => new Blob(['text'], { type: 'text/x' }), 'text/x'],
  ['form', () => new URLSearchParams('a=b'), 'application/x-www-form-urlencoded;charset=UTF-8'],
])('a %s keeps its content type, whichever class holds it', (_kind, body, type) => {
  for (const response of [new Response(body()), new BuiltIn(body())])
    expect(new Headers(responseParts(response).headers).get('content-type')).toBe(type)
})

test('a content type that somebody set counts more than that of a blob', () => {
  const headers = { 'Content-Type': 'text/y' }
  const parts = responseParts(new Response(new Blob([''], { type: 'text/x' }), { headers }))
  expect(new Headers(parts.headers).get('content-type')).toBe('text/y')
})

test('what fetch() gives is still an instance of Response, and what we make is one of the built-in class', async () => {
  expect(BuiltIn).not.toBe(Response)
  expect((await fetch('data:,x')) instanceof Response).toBe(true)
  expect(new Response('') instanceof BuiltIn).toBe(true)
  expect(new (Object.getPrototypeOf(Request) as typeof Request)('https://a.example') instanceof Request).toBe(
    true,
  )
  expect(({} as unknown) instanceof Response).toBe(false)
  expect((null as unknown) instanceof Response).toBe(false)
})

test('a class that extends Response has only its own instances', () => {
  class Page extends Response {}
  class OlderPage extends BuiltIn {}
  expect(new Page('') instanceof Page).toBe(true)
  expect(new Page('') instanceof Response).toBe(true)
  expect(new Response('') instanceof Page).toBe(false)
  expect(new OlderPage('') instanceof Response).toBe(true)
  expect(new OlderPage('') instanceof Page).toBe(false)
})
