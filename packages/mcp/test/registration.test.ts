import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createToolRegistry, jsonSchema, text } from '../src/index.ts'
import { scopes } from './support/issuer.ts'

const answer = () => text('ok')
const registry = () => createToolRegistry({ scopes })
const open = { description: 'x', public: true } as const
/** Registers what the types forbid. */
const register = (name: unknown, options: object) => () =>
  registry().register(name as string, { description: 'x', ...options } as unknown as typeof open, answer)

describe('a tool is refused at registration', () => {
  it.each([
    ['without scopes', {}],
    ['with no scopes in the list', { scopes: [] }],
    ['with an empty scope', { scopes: [''] }],
    ['with an unknown scope', { scopes: ['read:aplication'] }],
    ['with a pattern for a scope', { scopes: ['read:*'] }],
    ['with a scope that could split a header', { scopes: ['read:application"\r\nX: y'] }],
    ['with scopes that are no list', { scopes: 'read:application' }],
    ['with both scopes and public', { scopes: ['read:application'], public: true }],
    ['with public: false', { public: false }],
    ['with public: "true"', { public: 'true' }],
    ['without a description', { public: true, description: undefined }],
    ['with an unknown way of listing', { public: true, list: 'maybe' }],
  ])('MC-48 %s', (_, options) => {
    expect(register('tool', options)).toThrow(TypeError)
  })

  it.each(['', ' ', 'a b', 'a,b', 'a"b', 'a\r\nb', 'ａ', 'a\u200b', 'ns/tool', 'a'.repeat(129), 7, null, {}])(
    'MC-45 under the name %j',
    (name) => {
      expect(register(name, { public: true })).toThrow(TypeError)
    },
  )

  it.each([
    ['Delete', 'delete'],
    ['delete', 'delete'],
    ['DELETE', 'delete'],
  ])('MC-48 as %s when there is %s', (second, first) => {
    const tools = registry().register(first, open, answer)
    expect(() => tools.register(second, open, answer)).toThrow(TypeError)
  })

  it('MC-48 when one of its aliases is taken', () => {
    const tools = registry().register('delete', open, answer)
    expect(() => tools.register('remove', { ...open, aliases: ['Delete'] }, answer)).toThrow(TypeError)
  })

  it.each([
    { type: 'object', properties: { a: { $ref: 'https://evil.example/schema' } } },
    { type: 'object', allOf: [{ $ref: 'http://169.254.169.254/' }] },
    { type: 'object', properties: { a: { items: { $ref: 'file:///etc/passwd' } } } },
    { type: 'object', $dynamicRef: 'other.json#x' },
    { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'Region' } } },
    { type: 'string' },
    { type: 'array' },
  ])('MC-38 with the schema %j', (schema) => {
    const input = jsonSchema(schema, (value) => value)
    expect(register('tool', { public: true, input })).toThrow(TypeError)
    expect(register('tool', { public: true, output: input })).toThrow(TypeError)
  })

  it('with a schema that cannot be shown', () => {
    const input = {
      '~standard': { version: 1 as const, vendor: 'x', validate: (value: unknown) => ({ value }) },
    }
    expect(register('tool', { public: true, input })).toThrow('jsonSchema()')
  })
})

describe('a tool may', () => {
  it('refer to its own definitions', () => {
    const schema = { properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: 'string' } } }
    const tools = registry().register('tool', { ...open, input: jsonSchema(schema, String) }, answer)
    expect(tools.visibleTo({ subject: 'a', clientId: 'c', scopes: [] }).tools[0]).toMatchObject({
      inputSchema: { type: 'object', properties: { a: { $ref: '#/$defs/a' } } },
    })
  })

  it('be described by any library with Standard JSON Schema', () => {
    const input = z.object({ owner: z.string(), limit: z.number().int().max(100).optional() })
    const tools = registry().register(
      'list',
      { ...open, title: 'List', input, output: z.object({ n: z.number() }) },
      () => ({
        content: [],
        structuredContent: { n: 1 },
      }),
    )
    expect(tools.visibleTo({ subject: 'a', clientId: 'c', scopes: [] }).tools).toEqual([
      {
        name: 'list',
        title: 'List',
        description: 'x',
        inputSchema: {
          type: 'object',
          properties: { owner: { type: 'string' }, limit: expect.any(Object) as object },
          required: ['owner'],
        },
        outputSchema: expect.objectContaining({ type: 'object' }) as object,
      },
    ])
  })
})

describe('a resource or prompt is refused at registration', () => {
  const resource =
    (uri: string, options: object = {}) =>
    () =>
      registry().registerResource(uri, { name: 'x', public: true, ...options }, () => ({
        text: '',
      }))

  it.each([
    '',
    'relative/path',
    'app://{a}{b}',
    'app://x/{a}-{b}',
    'app://{+path}',
    'app://x{?q}',
    'app://{a*}',
    'app://{a',
    'app://a}',
    'app://{}',
    'app://{a}/{a}',
    'app://a b',
    'app://a"b',
    'app://a\r\nb',
    `app://${'a'.repeat(3000)}`.replace('aaa', '{a}'),
  ])('with the URI %j', (uri) => {
    expect(resource(uri)).toThrow(TypeError)
  })

  it('without a name, without scopes, or with a completer for no variable', () => {
    expect(resource('app://x', { name: '' })).toThrow(TypeError)
    expect(resource('app://x', { public: undefined })).toThrow(TypeError)
    expect(resource('app://{a}', { complete: { b: () => [] } })).toThrow(TypeError)
  })

  it('twice', () => {
    const read = () => ({ text: '' })
    const tools = registry()
      .registerResource('app://x', { name: 'x', public: true }, read)
      .registerResource('app://{a}', { name: 'x', public: true }, read)
    for (const uri of ['app://x', 'app://{a}'])
      expect(() => tools.registerResource(uri, { name: 'y', public: true }, read)).toThrow(TypeError)
  })

  it('when a prompt has no scopes, or two arguments of one name', () => {
    const write = () => ({ messages: [] })
    expect(() => registry().registerPrompt('p', {} as { public: true }, write)).toThrow(TypeError)
    const twice = [{ name: 'a' }, { name: 'a' }]
    expect(() => registry().registerPrompt('p', { public: true, arguments: twice }, write)).toThrow(TypeError)
  })
})

it('a misspelt scope or argument does not compile', () => {
  const tools = registry()
  const mistakes = () => {
    // @ts-expect-error the scope is misspelt
    tools.register('a', { description: 'x', scopes: ['read:aplication'] }, answer)
    // @ts-expect-error neither scopes nor public
    tools.register('b', { description: 'x' }, answer)
    // @ts-expect-error public is never false
    tools.register('c', { description: 'x', public: false }, answer)
    // @ts-expect-error both
    tools.register('d', { description: 'x', public: true, scopes: ['read:application'] }, answer)
    // @ts-expect-error no description
    tools.register('e', { public: true }, answer)
    tools.register('f', { ...open, input: z.object({ id: z.string() }) }, (args) => {
      // @ts-expect-error the schema has no such argument
      void args.name
      return text(args.id)
    })
    tools.register('g', open, (args) => {
      // @ts-expect-error a tool without a schema has no arguments
      void args.name.length
      return text('ok')
    })
    // @ts-expect-error a handler returns a result
    tools.register('h', open, () => 'ok')
    // @ts-expect-error the scope is misspelt
    tools.registerPrompt('i', { scopes: ['write'] }, () => ({ messages: [] }))
    // @ts-expect-error neither scopes nor public
    tools.registerResource('app://x', { name: 'x' }, () => ({ text: '' }))
  }
  expect(mistakes).toThrow(TypeError)
})

it('a schema that was written by hand is published as it stands, its dialect included', () => {
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { a: {} },
  }
  const registry = createToolRegistry({ scopes }).register(
    't',
    { description: 'x', public: true, input: jsonSchema(document, (value) => value) },
    () => text(''),
  )
  const caller = { subject: 'alice', clientId: 'c', scopes: [] }
  expect(registry.visibleTo(caller).tools).toMatchObject([{ inputSchema: document }])
})
