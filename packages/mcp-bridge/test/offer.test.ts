import { describe, expect, it } from 'vitest'
import { startBackend } from './support/backend.ts'
import { alice, bridgeTo, documentOf } from './support/bridge.ts'

const backend = await startBackend()
const bridge = (document: Parameters<typeof bridgeTo>[1], options = {}) =>
  bridgeTo(backend.origin, document, options)
const operations = (...ids: string[]) => ({
  openapi: '3.1.0',
  paths: Object.fromEntries(
    ids.map((operationId, index) => [`/p${index}`, { get: { operationId, tags: [`t${index % 2}`] } }]),
  ),
})

describe('what a bridge offers', () => {
  it('BR-11 is nothing of which nothing is said', async () => {
    const {
      bridge: made,
      registry,
      call,
    } = bridge(operations('listUsers', 'deleteAll'), { scopes: { listUsers: ['user:read'] } })
    expect(registry.visibleTo(alice).tools.map(({ name }) => name)).toEqual(['my_api_listUsers'])
    expect(made.skipped).toMatchObject([
      { operation: { id: 'deleteAll' }, reason: 'nothing says which scopes it needs' },
    ])
    await expect(call({}, { tool: 'my_api_deleteAll' })).rejects.toThrow('Unknown tool')
    expect(backend.take()).toEqual([])
  })

  it('BR-11 is not visible, and not callable, without the scope', async () => {
    const { registry, call } = bridge(operations('listUsers'), { scopes: { listUsers: ['user:write'] } })
    const reader = { ...alice, scopes: ['user:read'] }
    expect(registry.visibleTo(reader).tools).toEqual([])
    await expect(call({}, { tool: 'my_api_listUsers', caller: reader })).rejects.toThrow('insufficient_scope')
    expect(backend.take()).toEqual([])
    expect((await call({}, { tool: 'my_api_listUsers' })).isError).toBeUndefined()
    expect(backend.take()).toHaveLength(1)
  })

  it('may be public to all who have a token, when that is said', () => {
    const { registry } = bridge(operations('status'), { scopes: { status: 'public' } })
    expect(registry.visibleTo({ ...alice, scopes: [] }).tools).toHaveLength(1)
    expect(registry.visibleTo(undefined).tools).toEqual([])
  })

  it('is chosen by the scopes of the document', () => {
    const securitySchemes = {
      oauth: { type: 'oauth2' },
      oidc: { type: 'openIdConnect' },
      key: { type: 'apiKey' },
    }
    const document = {
      openapi: '3.0.0',
      components: { securitySchemes },
      security: [{ oauth: ['user:read'] }],
      paths: {
        '/a': { get: { operationId: 'usual' } },
        '/b': {
          post: { operationId: 'own', security: [{ oauth: ['user:write'] }, { oidc: ['user:read'] }] },
        },
        '/c': { get: { operationId: 'open', security: [] } },
        '/d': { get: { operationId: 'keyed', security: [{ key: [] }] } },
      },
    }
    const { bridge: made } = bridge(document, { scopes: 'security' })
    expect(made.tools.map(({ name, requirement }) => [name, requirement])).toEqual([
      ['my_api_usual', ['user:read']],
      // Where the document lets a client choose, all of them are needed.
      ['my_api_own', ['user:write', 'user:read']],
    ])
    expect(made.skipped.map(({ operation }) => operation.id)).toEqual(['open', 'keyed'])
  })

  it('is included and excluded by name, or by a function', () => {
    const names = (options: object) =>
      bridge(operations('a', 'b', 'c'), options).bridge.tools.map(({ operation }) => operation.id)
    expect(names({ include: ['a', 'c'] })).toEqual(['a', 'c'])
    expect(names({ exclude: ['a', 'c'] })).toEqual(['b'])
    expect(
      names({ include: ['a', 'b'], exclude: ({ tags }: { tags: string[] }) => tags.includes('t1') }),
    ).toEqual(['a'])
    for (const wrong of [{ include: ['x'] }, { exclude: ['x'] }, { scopes: { x: ['user:read'] } }])
      expect(() => names(wrong)).toThrow(/no operationId of the document/)
  })

  it('is refused when it needs a scope that is not defined', () => {
    expect(() => bridge(operations('a'), { scopes: { a: ['user:reed'] } })).toThrow(/not defined/)
  })

  it('must say with what the API is called', () => {
    expect(() => bridge(operations('a'), { authorization: undefined })).toThrow(/authorization is missing/)
  })
})

describe('a name', () => {
  it.each([
    ['listUsers', 'my_api_listUsers'],
    ['list users/all', 'my_api_list_users_all'],
    ['emoji 😀 ü', 'my_api_emoji'],
    ['__proto__', 'my_api_proto'],
    ['constructor', 'my_api_constructor'],
    ['a.b-c_d', 'my_api_a.b-c_d'],
    ['x'.repeat(121), `my_api_${'x'.repeat(121)}`],
    ['x'.repeat(122), `my_api_${'x'.repeat(112)}_f875de4d`],
  ])('BR-14 is made of the operationId %j', async (id, name) => {
    const { registry } = bridge(operations(id))
    expect(registry.visibleTo(alice).tools.map((tool) => tool.name)).toEqual([name])
    expect(name).toMatch(/^[A-Za-z0-9_.-]{1,128}$/)
  })

  it('BR-14 that two operations share is refused', () => {
    expect(() => bridge(operations('a', 'a'))).toThrow(/stands at GET \/p0 and at GET \/p1/)
    expect(() => bridge(operations('a b', 'a_b'))).toThrow(
      'the name "my_api_a_b" stands for GET /p0 and for GET /p1: exclude one',
    )
    for (const names of [
      ['listUsers', 'listusers'],
      ['listusers', 'listUsers'],
    ])
      expect(() => bridge(operations(...names))).toThrow(/stands for GET \/p0 and for GET \/p1/)
  })

  it('BR-14 that is too long stays apart from those that begin like it', () => {
    const long = ['a', 'b', 'c'].map((end) => `${'x'.repeat(300)}${end}`)
    const names = bridge(operations(...long)).bridge.tools.map((tool) => tool.name)
    expect(new Set(names).size).toBe(3)
    for (const name of names) expect(name).toMatch(/^my_api_x{112}_[0-9a-f]{8}$/)
  })

  it('is made of method and path where there is no operationId, or an empty one', () => {
    const { bridge: made } = bridge({
      openapi: '3.1.0',
      paths: {
        '/users/{id}/x': { delete: { parameters: [{ name: 'id', in: 'path', schema: { type: 'string' } }] } },
      },
    })
    expect(made.tools[0]?.name).toBe('my_api_delete_users_id_x')
    expect(bridge(operations('')).bridge.tools[0]?.name).toBe('my_api_get_p0')
  })

  it('has a prefix that a name can have', () => {
    expect(() => bridge(operations('a'), { prefix: 'my api/' })).toThrow(/prefix/)
  })
})

describe('what the model reads', () => {
  it('BR-15 is what a person reads', () => {
    const dirty = 'Lists\u0000 users\u202e\u200b\u001b[31m<b>all</b>'
    const operation = {
      summary: dirty,
      description: 'x'.repeat(100_000),
      parameters: [
        {
          name: 'q',
          in: 'query',
          description: dirty,
          schema: { type: 'object', title: dirty, properties: { a: { description: dirty } } },
        },
      ],
    }
    const { registry } = bridge(documentOf('/x', operation))
    const [tool] = registry.visibleTo(alice).tools
    expect(tool?.title).toBe('Lists users<b>all</b>')
    expect(String(tool?.description).length).toBeLessThanOrEqual(4000)
    // eslint-disable-next-line no-control-regex
    expect(JSON.stringify(tool)).not.toMatch(/\\u0000|\\u001b|[\u202e\u200b]/)
    expect(JSON.stringify(tool)).not.toContain('[31m')
  })

  it('says what a call does', () => {
    const hints = (method: string) => {
      const { registry } = bridge(documentOf('/x', { deprecated: true }, {}, method))
      const [tool] = registry.visibleTo(alice).tools
      expect(tool?.description).toBe('Deprecated.')
      return tool?.annotations
    }
    expect(hints('get')).toEqual({ readOnlyHint: true, openWorldHint: true })
    expect(hints('post')).toEqual({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: true,
    })
    expect(hints('delete')).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: true,
    })
  })
})

describe('an operation that cannot be called', () => {
  it.each([
    [
      'a body of a type that nobody writes',
      { requestBody: { required: true, content: { 'application/xml': {} } } },
      'application/xml',
    ],
    [
      'a path parameter that is a list',
      { parameters: [{ name: 'a', in: 'path', schema: { type: 'array' } }] },
      'more than one value',
    ],
    ['a path parameter that is not described', {}, 'not described'],
    ['a path with a fragment', {}, 'no template', '/x#y'],
    ['a path with a brace too few', {}, 'no template', '/x/{a'],
    [
      'a path in another style',
      { parameters: [{ name: 'a', in: 'path', style: 'matrix', schema: {} }] },
      'more than one value',
    ],
  ])('for %s is left out, and it is said why', (_, operation, reason, path = '/x/{a}') => {
    const { bridge: made } = bridge(documentOf(path, operation, {}, 'post'))
    expect(made.tools).toEqual([])
    expect(made.skipped[0]?.reason).toContain(reason)
  })
})

it('a document of 2,000 operations is ready in three seconds, and each operation of it can be called', async () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [
      `S${index}`,
      {
        type: 'object',
        properties: {
          name: { type: 'string', description: 'A name' },
          next: { $ref: `#/components/schemas/S${(index * 7 + 1) % 500}` },
          many: { type: 'array', items: { $ref: `#/components/schemas/S${(index + 250) % 500}` } },
        },
      },
    ]),
  )
  const paths = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [
      `/r${index}/{id}`,
      {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        get: { operationId: `get${index}`, summary: `Shows ${index}` },
        post: {
          operationId: `post${index}`,
          requestBody: {
            content: {
              'application/json': { schema: { type: 'object', properties: { name: { type: 'string' } } } },
            },
          },
        },
      },
    ]),
  )
  // Processor time: what else the machine does must not count.
  const before = process.cpuUsage()
  const {
    bridge: made,
    registry,
    call,
  } = bridge(JSON.stringify({ openapi: '3.0.3', paths, components: { schemas } }))
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000)
  expect(made.tools).toHaveLength(2000)
  expect(registry.visibleTo(alice).tools).toHaveLength(2000)
  expect((await call({ id: 'a', body: { name: 'x' } }, { tool: 'my_api_post999' })).isError).toBeUndefined()
  expect(backend.take()[0]?.url).toBe('/r999/a')
})
