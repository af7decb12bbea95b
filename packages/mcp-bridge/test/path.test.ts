import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startBackend } from './support/backend.ts'
import { bridgeTo, documentOf, textParameter } from './support/bridge.ts'

// CVE-2026-32871: path parameters of an OpenAPI bridge that left their segment.

const backend = await startBackend()
const document = documentOf('/users/{id}', { parameters: [textParameter('id', 'path')] })
const { call, said } = bridgeTo(`${backend.origin}/api/v1`, document)

describe('a path parameter', () => {
  it.each([
    '../admin',
    '..%2fadmin',
    '..%2Fadmin',
    '%2e%2e/admin',
    '%2e%2e%2fadmin',
    '%252e%252e%252fadmin',
    '..;/admin',
    '..;x=1/admin',
    '..\\admin',
    'x/../../admin',
    'x/..',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    './x',
    '．．/admin',
    ' .. /admin',
    '/etc/passwd/../..',
  ])('BR-01 that is %j stays one segment, or the call is refused', async (id) => {
    const result = await call({ id })
    const requests = backend.take()
    if (result.isError === true) expect(requests).toEqual([])
    else expect(requests[0]?.url).toMatch(/^\/api\/v1\/users\/[^/?#\\;]+$/)
    for (const { url } of requests)
      expect(decodeURIComponent(decodeURIComponent(url))).not.toMatch(/\.\.|admin/)
  })

  it.each([
    ['a/b', '/api/v1/users/a%2Fb'],
    ['a?x=1#y', '/api/v1/users/a%3Fx%3D1%23y'],
    ['a;b=c', '/api/v1/users/a%3Bb%3Dc'],
    ['..a', '/api/v1/users/..a'],
    ['1.0..2', '/api/v1/users/1.0..2'],
    ['ü ☃', '/api/v1/users/%C3%BC%20%E2%98%83'],
    ["o'k(1)*!", '/api/v1/users/o%27k%281%29%2A%21'],
    ['%41', '/api/v1/users/%2541'],
    ['//evil.example/x', '/api/v1/users/%2F%2Fevil.example%2Fx'],
    ['@evil.example', '/api/v1/users/%40evil.example'],
  ])('that is %j arrives as one segment', async (id, url) => {
    expect((await call({ id })).isError).toBeUndefined()
    expect(backend.take().map((request) => request.url)).toEqual([url])
  })

  it('BR-01 never leaves its segment, whatever it is', async () => {
    const part = fc.constantFrom(
      '.',
      '..',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      '%25',
      ';',
      '?',
      '#',
      '@',
      ':',
      'a',
      '\t',
      '\u202e',
      'é',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(part).map((parts) => parts.join('')),
        ),
        async (id) => {
          const result = await call({ id })
          const [request, ...more] = backend.take()
          expect(more).toEqual([])
          expect(request === undefined).toBe(result.isError === true)
          if (request === undefined) return
          expect(request.url).toMatch(/^\/api\/v1\/users\/[^/?#\\;]+$/)
          expect(decodeURIComponent(request.url.slice('/api/v1/users/'.length))).toBe(id)
          expect(new URL(request.url, backend.origin).pathname).toBe(request.url)
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each([
    [''],
    [undefined],
    [['a']],
    [{ a: 1 }],
    ['x'.repeat(10_240)],
    [null],
    ['a\u0000b'],
    ['a\r\nb'],
    ['\ud800'],
  ])('BR-03 that is %j is a tool error, and nothing is sent', async (id) => {
    const result = await call(id === undefined ? {} : { id })
    expect(result.isError).toBe(true)
    expect(said(result)).toMatch(/^The arguments are not valid/)
    expect(backend.take()).toEqual([])
  })

  it.each([
    ['without a type', {}],
    ['that may be a list', { type: ['string', 'array'] }],
  ])('BR-03 %s is no list and no object', async (_, schema) => {
    const open = bridgeTo(
      backend.origin,
      documentOf('/users/{id}', { parameters: [textParameter('id', 'path', { schema })] }),
    )
    for (const id of [['a', '..'], { a: '..' }]) expect((await open.call({ id })).isError).toBe(true)
    expect(backend.take()).toEqual([])
  })

  it('BR-01 does not make a step together with its neighbours', async () => {
    const parameters = [textParameter('a', 'path'), textParameter('b', 'path')]
    for (const path of ['/x/{a}{b}/y', '/x/.{a}', '/x/{a}.']) {
      const pair = bridgeTo(
        backend.origin,
        documentOf(path, { parameters: path.includes('{b}') ? parameters : parameters.slice(0, 1) }),
      )
      for (const a of ['.', '..', '%2e']) expect((await pair.call({ a, b: '.' })).isError).toBe(true)
    }
    expect(backend.take()).toEqual([])
  })

  it('may be a part of a segment', async () => {
    const parameters = ['owner', 'base', 'head'].map((name) => textParameter(name, 'path'))
    const github = bridgeTo(
      backend.origin,
      documentOf('/repos/{owner}/compare/{base}...{head}', { parameters }),
    )
    await github.call({ owner: 'o', base: 'v1', head: 'feature/x' })
    expect(backend.take()[0]?.url).toBe('/repos/o/compare/v1...feature%2Fx')
  })

  it('that is a number arrives as one', async () => {
    const parameters = [textParameter('id', 'path', { schema: { type: 'integer' } })]
    const numbers = bridgeTo(backend.origin, documentOf('/users/{id}', { parameters }))
    expect((await numbers.call({ id: 7 })).isError).toBeUndefined()
    expect(backend.take()[0]?.url).toBe('/users/7')
    for (const id of ['7', 7.5, 2 ** 63, Number.NaN]) expect((await numbers.call({ id })).isError).toBe(true)
    expect(backend.take()).toEqual([])
  })
})
