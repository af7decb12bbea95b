import { describe, expect, it } from 'vitest'
import { startBackend } from './support/backend.ts'
import { bridgeTo, documentOf, textParameter } from './support/bridge.ts'

const backend = await startBackend()
const query = (name: string, schema: object, more: object = {}) => ({ name, in: 'query', schema, ...more })
const queryBridge = (...parameters: object[]) => bridgeTo(backend.origin, documentOf('/list', { parameters }))
const sent = () => backend.take().map(({ url }) => url.replace(/^\/list\??/, ''))

describe('a query parameter', () => {
  const { call } = queryBridge(query('q', { type: 'string' }), query('any', {}))

  it.each([
    ['a&admin=true', 'q=a%26admin%3Dtrue'],
    ['a%26x=1', 'q=a%2526x%3D1'],
    ['a#b', 'q=a%23b'],
    ['a+b c', 'q=a%2Bb%20c'],
    ['?', 'q=%3F'],
    ['ü', 'q=%C3%BC'],
  ])('BR-04 that is %j stays one value', async (q, url) => {
    await call({ q })
    expect(sent()).toEqual([url])
  })

  it.each([[['a', 'b']], [{ admin: 'true' }], ['a\u0000b'], [7], [null], ['\ud800']])(
    'BR-04 that is %j is refused',
    async (q) => {
      expect((await call({ q })).isError).toBe(true)
      expect((await call({ q: 'x', unknown: 1 })).isError).toBe(true)
      expect(sent()).toEqual([])
    },
  )

  it.each([
    [{ type: 'array' }, [['a']]],
    [{ type: 'array' }, [{ a: 1 }]],
    [{ type: 'object' }, { a: ['b'] }],
    [{}, { a: {} }],
  ])(
    'BR-04 of the schema %j that is %j has no form that servers agree on, and is refused',
    async (schema, value) => {
      const { call } = bridgeTo(backend.origin, documentOf('/x', { parameters: [query('q', schema)] }))
      expect((await call({ q: value })).isError).toBe(true)
      expect(sent()).toEqual([])
    },
  )

  it.each([
    [query('ids', { type: 'array', items: { type: 'string' } }), ['a', 'b&c=d'], 'ids=a&ids=b%26c%3Dd'],
    [
      query('ids', { type: 'array', items: { type: 'string' } }, { explode: false }),
      ['a', 'b,c'],
      'ids=a%2Cb%2Cc',
    ],
    [query('ids', { type: 'array' }, { style: 'pipeDelimited', explode: false }), ['a', 'b'], 'ids=a%7Cb'],
    [
      query('filter', { type: 'object' }, { style: 'deepObject', explode: true }),
      { a: { b: 1 }, 'c]&d': [true] },
      'filter%5Ba%5D%5Bb%5D=1&filter%5Bc%5D%26d%5D%5B0%5D=true',
    ],
    [query('filter', { type: 'object' }), { a: 1, b: 'x=y' }, 'a=1&b=x%3Dy'],
    [
      query(
        'filter',
        {},
        { schema: undefined, content: { 'application/json': { schema: { type: 'object' } } } },
      ),
      { a: [1] },
      'filter=%7B%22a%22%3A%5B1%5D%7D',
    ],
    [query('flag', { type: 'boolean' }), false, 'flag=false'],
  ])('is written in the style of the document: %#', async (parameter, value, url) => {
    const bridge = queryBridge(parameter)
    expect((await bridge.call({ [parameter.name]: value })).isError).toBeUndefined()
    expect(sent()).toEqual([url])
  })

  it('has a name that models take, and arrives under its own', async () => {
    const bridge = queryBridge(
      query('filter[name]', { type: 'string' }),
      query('filter_name', { type: 'string' }),
      query('$x', { type: 'string' }),
    )
    expect(Object.keys(bridge.bridge.tools[0]?.inputSchema.properties as object)).toEqual([
      'filter_name',
      'filter_name_2',
      'x',
    ])
    await bridge.call({ filter_name: '1', filter_name_2: '2', x: '3' })
    expect(sent()).toEqual(['filter%5Bname%5D=1&filter_name=2&%24x=3'])
  })
})

describe('arguments', () => {
  const body = { content: { 'application/json': { schema: { type: 'object' } } } }
  const post = bridgeTo(backend.origin, documentOf('/things', { requestBody: body }, {}, 'post'))

  it.each([
    '{"body":{"__proto__":{"admin":true}}}',
    '{"body":{"a":{"__proto__":{"admin":true}}}}',
    '{"__proto__":{"admin":true}}',
    '{"body":{"n":9223372036854775807}}',
    '{"body":{"n":[1e400]}}',
    '{"body":{"s":"a\\u0000b"}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"toString":1}',
  ])('BR-17 that are %s are refused', async (text) => {
    expect((await post.call(JSON.parse(text))).isError).toBe(true)
    expect(backend.take()).toEqual([])
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })

  it('BR-17 arrive as they are', async () => {
    const value = {
      n: Number.MAX_SAFE_INTEGER,
      f: 0.1,
      s: 'NaN',
      big: '9223372036854775807',
      l: [null, true],
      constructor: 'x',
    }
    await post.call({ body: value })
    const [request] = backend.take()
    expect(JSON.parse(request?.body ?? '')).toEqual(value)
    expect(request?.headers['content-type']).toBe('application/json')
    // Of two equal names the last counts, here as everywhere behind.
    await post.call(JSON.parse('{"body":{"a":1,"a":2}}'))
    expect(backend.take()[0]?.body).toBe('{"a":2}')
  })

  it('nested beyond reason are refused', async () => {
    let deep: unknown = 1
    for (let index = 0; index < 100_000; index++) deep = [deep]
    expect((await post.call({ body: { deep } })).isError).toBe(true)
    expect(backend.take()).toEqual([])
  })
})

describe('a form', () => {
  it('is written as the document says', async () => {
    const content = {
      'application/x-www-form-urlencoded': {
        schema: { type: 'object', properties: { amount: { type: 'integer' }, metadata: { type: 'object' } } },
        encoding: { metadata: { style: 'deepObject', explode: true } },
      },
    }
    const { call } = bridgeTo(
      backend.origin,
      documentOf('/charges', { requestBody: { content } }, {}, 'post'),
    )
    await call({ body: { amount: 5, metadata: { 'a&b': 'c=d' } } })
    const [request] = backend.take()
    expect(request?.body).toBe('amount=5&metadata%5Ba%26b%5D=c%3Dd')
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  })
})

describe('a file', () => {
  const schema = {
    type: 'object',
    properties: { file: { type: 'string', format: 'binary' }, note: { type: 'string' } },
    required: ['file'],
  }
  const requestBody = { required: true, content: { 'multipart/form-data': { schema } } }
  const { call, bridge } = bridgeTo(backend.origin, documentOf('/upload', { requestBody }, {}, 'post'))

  it('is its content, with a plain name', async () => {
    await call({
      body: { file: { filename: 'a "b".txt', contentType: 'text/plain', text: 'hello' }, note: 'x\r\n--y' },
    })
    const [request] = backend.take()
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(request?.body).toContain('filename="a %22b%22.txt"')
    expect(request?.body).toContain('hello')
    await call({ body: { file: { base64: btoa('bytes') } } })
    expect(backend.take()[0]?.body).toContain('bytes')
  })

  it.each([
    ['a\r\nContent-Type: text/html'],
    ['../../etc/passwd'],
    ['..'],
    ['a/b'],
    ['C:\\x'],
    ['a\u0000.png'],
  ])('BR-18 with the name %j is refused', async (filename) => {
    expect((await call({ body: { file: { filename, text: 'x' } } })).isError).toBe(true)
    expect(backend.take()).toEqual([])
  })

  it.each([
    '/etc/passwd',
    'file:///etc/passwd',
    'https://internal.example/',
    { path: '/etc/passwd' },
    {},
    { text: 'a', base64: 'YQ==' },
    { base64: '%%' },
    { text: 'a', contentType: 'a/b\r\nx: y' },
  ])('BR-18 is never read from where %j points', async (file) => {
    expect((await call({ body: { file } })).isError).toBe(true)
    expect(backend.take()).toEqual([])
  })

  it('is described to the model', () => {
    expect(bridge.tools[0]?.inputSchema).toMatchObject({
      properties: { body: { properties: { file: { type: 'object' } } } },
    })
  })
})

it('a header takes no line break, and arrives under its name', async () => {
  const { call } = bridgeTo(
    backend.origin,
    documentOf('/x', { parameters: [textParameter('X-Tenant', 'header')] }),
  )
  await call({ 'X-Tenant': 'a b' })
  expect(backend.take()[0]?.headers['x-tenant']).toBe('a b')
  for (const value of ['a\r\nx-admin: 1', 'a\nb', 'ü', 'x'.repeat(5000)])
    expect((await call({ 'X-Tenant': value })).isError).toBe(true)
  expect(backend.take()).toEqual([])
})
