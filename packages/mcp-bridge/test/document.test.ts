import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOpenApiFile } from '../src/file.ts'
import { fetchOpenApi } from '../src/index.ts'
import { startBackend } from './support/backend.ts'
import { bridgeTo, documentOf, textParameter } from './support/bridge.ts'

const backend = await startBackend()
const bodyOf = (schema: unknown) => ({ requestBody: { content: { 'application/json': { schema } } } })
const bridge = (document: Parameters<typeof bridgeTo>[1], options = {}) =>
  bridgeTo(backend.origin, document, options)
const inputOf = (document: Parameters<typeof bridgeTo>[1]) => bridge(document).bridge.tools[0]?.inputSchema

describe('a document', () => {
  const yaml = `
openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  /users/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      operationId: op
      summary: Shows a user
`
  const described = {
    type: 'object',
    properties: { id: { type: 'string' } },
    required: ['id'],
    additionalProperties: false,
  }

  it('may be an object, JSON or YAML', () => {
    const object = documentOf('/users/{id}', { parameters: [textParameter('id', 'path')] })
    for (const document of [object, JSON.stringify(object), yaml])
      expect(inputOf(document)).toEqual(described)
  })

  it('may come from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openapi-'))
    await writeFile(join(folder, 'openapi.yaml'), yaml)
    expect(inputOf(await readOpenApiFile(join(folder, 'openapi.yaml')))).toEqual(described)
    await rm(folder, { recursive: true })
  })

  it('may come from a server, within the same limits as any request', async () => {
    backend.answer((_, response) => response.end(yaml))
    expect(inputOf(await fetchOpenApi(`${backend.origin}/openapi.yaml`, { allowPrivate: true }))).toEqual(
      described,
    )
    await expect(fetchOpenApi(`${backend.origin}/openapi.yaml`)).rejects.toThrow(/refused/)
    await expect(
      fetchOpenApi(`${backend.origin}/x`, { allowPrivate: true, maximumBytes: 10 }),
    ).rejects.toThrow(/more than/)
    backend.answer((_, response) => response.writeHead(404).end())
    await expect(fetchOpenApi(backend.origin, { allowPrivate: true })).rejects.toThrow('HTTP 404')
    backend.answer()
    backend.take()
  })

  it.each([
    ['nothing', 'null'],
    ['no object', '[1]'],
    ['of Swagger 2', '{"swagger":"2.0"}'],
    ['of a version that nobody knows', '{"openapi":"4.0.0"}'],
    ['no JSON', '{"openapi":'],
    ['no YAML', 'openapi: [1'],
  ])('that is %s is refused', (_, document) => {
    expect(() => bridge(document)).toThrow(TypeError)
  })

  const quick = (name: string, make: () => Parameters<typeof bridgeTo>[1], message: RegExp) =>
    it(`BR-13 ${name} is refused in a second, and nothing is fetched`, () => {
      const document = make()
      const began = performance.now()
      expect(() => bridge(document)).toThrow(message)
      expect(performance.now() - began).toBeLessThan(1000)
      expect(backend.take()).toEqual([])
    })

  for (const reference of [
    `${backend.origin}/schema.json`,
    'file:///etc/passwd',
    './other.yaml#/Pet',
    'other.json',
    '//evil.example/x',
    '#anchor',
  ])
    quick(
      `with a reference to ${reference}`,
      () => documentOf('/x', bodyOf({ $ref: reference }), {}, 'post'),
      /outside of itself/,
    )

  for (const [name, operation] of [
    ['parameter', { parameters: [{ $ref: 'https://evil.example/p' }] }],
    ['body', { requestBody: { $ref: 'file:///b' } }],
  ] as const)
    quick(`with a ${name} from elsewhere`, () => documentOf('/x', operation, {}, 'post'), /outside of itself/)

  quick(
    'with a reference to what it does not have',
    () => documentOf('/x', bodyOf({ $ref: '#/components/schemas/__proto__' }), {}, 'post'),
    /does not have/,
  )
  quick(
    'with references in a circle',
    () =>
      documentOf(
        '/x',
        bodyOf({ $ref: '#/components/schemas/a' }),
        {
          components: {
            schemas: {
              a: { $ref: '#/components/schemas/b' },
              b: { allOf: [{ $ref: '#/components/schemas/a' }] },
            },
          },
        },
        'post',
      ),
    /circle/,
  )
  quick(
    'with parameters in a circle',
    () =>
      documentOf(
        '/x',
        { parameters: [{ $ref: '#/components/parameters/a' }] },
        { components: { parameters: { a: { $ref: '#/components/parameters/a' } } } },
      ),
    /circle/,
  )
  quick(
    'that is a bomb of aliases',
    () => {
      const lines = ['openapi: 3.1.0', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
      for (let index = 1; index < 12; index++)
        lines.push(`a${index}: &a${index} [${Array.from({ length: 10 }, () => `*a${index - 1}`).join(', ')}]`)
      return lines.join('\n')
    },
    /cannot be read|nodes/,
  )
  quick('1,000 levels deep', () => `{"openapi":"3.1.0","x":${'['.repeat(1000)}${']'.repeat(1000)}}`, /deeper/)
  quick(
    '1,000 levels deep in YAML',
    () => `openapi: 3.1.0\nx: ${'['.repeat(1000)}${']'.repeat(1000)}`,
    /deeper|cannot be read/,
  )
  quick('of 50 MB', () => `{"openapi":"3.1.0","x":"${'x'.repeat(50 * 1024 * 1024)}"}`, /longer/)
  quick(
    'that contains itself',
    () => {
      const document = documentOf('/x', {}) as Record<string, unknown>
      document.self = document
      return document
    },
    /deeper|nodes/,
  )
})

describe('the schema of a tool', () => {
  it('keeps schemas that contain themselves, by name', async () => {
    const schemas = {
      Node: {
        type: 'object',
        properties: { name: { type: 'string' }, next: { $ref: '#/components/schemas/Node' } },
        required: ['name'],
      },
    }
    const { bridge: made, call } = bridge(
      documentOf('/x', bodyOf({ $ref: '#/components/schemas/Node' }), { components: { schemas } }, 'post'),
    )
    expect(made.tools[0]?.inputSchema).toMatchObject({
      properties: { body: { $ref: '#/$defs/Node' } },
      $defs: { Node: { properties: { next: { $ref: '#/$defs/Node' } } } },
    })
    expect((await call({ body: { name: 'a', next: { name: 'b' } } })).isError).toBeUndefined()
    expect((await call({ body: { name: 'a', next: { name: 1 } } })).isError).toBe(true)
    backend.take()
  })

  it('two operations share is with each of them, and nothing else is', () => {
    const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })
    const post = (operationId: string, name: string) => ({
      post: { operationId, requestBody: { content: { 'application/json': { schema: reference(name) } } } },
    })
    const { bridge: made } = bridge({
      openapi: '3.1.0',
      paths: { '/a': post('a', 'A'), '/b': post('b', 'B'), '/c': post('c', 'C') },
      components: {
        schemas: {
          A: { properties: { shared: reference('Shared') } },
          B: { properties: { shared: reference('Shared'), a: reference('A') } },
          C: { type: 'string' },
          Shared: { properties: { b: reference('B') } },
        },
      },
    })
    const names = made.tools.map(({ inputSchema }) => Object.keys(inputSchema.$defs ?? {}).sort())
    expect(names).toEqual([['A', 'B', 'Shared'], ['A', 'B', 'Shared'], ['C']])
  })

  it('is that of 2020-12 for a document of 3.0', () => {
    const schema = {
      type: 'object',
      required: ['id', 'age'],
      properties: {
        id: { type: 'string', readOnly: true },
        age: {
          type: 'integer',
          minimum: 0,
          exclusiveMinimum: true,
          nullable: true,
          example: 3,
          format: 'int64',
        },
        kind: { type: 'string', nullable: true, enum: ['a'] },
        user: { $ref: '#/components/schemas/User', description: 'is ignored beside a reference' },
      },
      discriminator: { propertyName: 'kind' },
      xml: { name: 'x' },
      'x-internal': { $ref: 'file:///etc/passwd' },
    }
    const components = { schemas: { User: { type: 'object', 'x-y': 1 } } }
    const document = { ...documentOf('/x', bodyOf(schema), { components }, 'post'), openapi: '3.0.3' }
    expect(inputOf(document)).toEqual({
      type: 'object',
      properties: {
        body: {
          type: 'object',
          required: ['age'],
          properties: {
            age: { type: ['integer', 'null'], exclusiveMinimum: 0, format: 'int64' },
            kind: { type: ['string', 'null'], enum: ['a', null] },
            user: { $ref: '#/$defs/User' },
          },
        },
      },
      additionalProperties: false,
      $defs: { User: { type: 'object' } },
    })
  })

  it('leaves out patterns of other languages', async () => {
    const { call } = bridge(
      documentOf('/x', {
        parameters: [
          textParameter('a', 'query', { schema: { type: 'string', pattern: '^(?<!x)\\p{IsHan}(?i)$' } }),
        ],
      }),
    )
    expect((await call({ a: 'x' })).isError).toBeUndefined()
    backend.take()
  })

  it('that is far too large is left out', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [
        `p${index}`,
        { type: 'string', description: 'x'.repeat(100) },
      ]),
    )
    const { bridge: made } = bridge(documentOf('/x', bodyOf({ type: 'object', properties }), {}, 'post'))
    expect(made.skipped[0]?.reason).toContain('characters')
  })
})
