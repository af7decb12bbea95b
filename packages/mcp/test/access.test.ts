import { describe, expect, it } from 'vitest'
import { createToolRegistry, text, type Caller } from '../src/index.ts'
import { scopes } from './support/issuer.ts'
import { testRegistry } from './support/registry.ts'

const caller = (...granted: string[]): Caller => ({ subject: 'alice', clientId: 'c', scopes: granted })
const { registry } = testRegistry()
const names = (who: Caller | undefined) => registry.visibleTo(who).tools.map(({ name }) => name)

describe('access', () => {
  it('is allowed to a caller with the scopes, also by what they imply', () => {
    for (const scope of ['read:application', 'write:application', 'admin:application'])
      expect(registry.access('tool', 'get_application', caller(scope))).toEqual({ allowed: true })
  })

  it('names what is missing, and all that is required', () => {
    expect(registry.access('tool', 'copy_user', caller('read:application', 'read:user'))).toEqual({
      allowed: false,
      missing: ['write:application'],
      required: ['read:user', 'write:application'],
    })
  })

  it('SC-15 a public tool needs a caller, and no scope', () => {
    expect(registry.access('tool', 'whoami', caller())).toEqual({ allowed: true })
    expect(registry.access('tool', 'get_application', caller())).toMatchObject({ allowed: false })
  })

  it('fails closed without a caller', () => {
    for (const name of ['whoami', 'get_application'])
      expect(registry.access('tool', name, undefined)).toMatchObject({ allowed: false })
    expect(registry.access('prompt', 'review', undefined)).toMatchObject({ allowed: false })
    expect(registry.access('resource', 'app://a/b', undefined)).toMatchObject({ allowed: false })
    expect(registry.visibleTo(undefined)).toEqual({
      tools: [],
      resources: [],
      resourceTemplates: [],
      prompts: [],
    })
    expect(registry.listPage('tools/list', undefined).json()).toBe('')
  })

  it('SC-06 takes no scope of a token for a pattern or a variant', () => {
    for (const scope of ['*', 'read:*', '.*', 'READ:application', 'read:applicationx', 'xread:application'])
      expect(registry.access('tool', 'get_application', caller(scope))).toMatchObject({ allowed: false })
  })

  it.each([
    'DELETE_APPLICATION',
    'delete_application ',
    ' delete_application',
    'delete_application\u200b',
    'ｄelete_application',
    'delete%5Fapplication',
    './delete_application',
    'ns/delete_application',
    'delete_аpplication',
  ])('MC-10 is unknown for %j', (name) => {
    expect(registry.access('tool', name, caller('admin:application'))).toBeUndefined()
  })

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'a'.repeat(129),
    ['x'],
    {},
    null,
    0,
    undefined,
  ])('MC-11 is unknown for %j', (name) => {
    for (const kind of ['tool', 'prompt', 'resource'] as const)
      expect(registry.access(kind, name as string, caller('admin:application'))).toBeUndefined()
  })

  it('looks at the scopes again when the list of them may have changed', () => {
    const granted = ['read:application']
    const who = { ...caller(), scopes: granted }
    expect(registry.access('tool', 'delete_application', who)).toMatchObject({ allowed: false })
    granted.push('admin:application')
    expect(registry.access('tool', 'delete_application', who)).toEqual({ allowed: true })
    granted.length = 0
    expect(registry.access('tool', 'delete_application', who)).toMatchObject({ allowed: false })
  })

  it('of an alias is that of its tool', () => {
    const tools = createToolRegistry({ scopes }).register(
      'get',
      { description: 'x', scopes: ['read:application'], aliases: ['old_get'] },
      () => text('ok'),
    )
    expect(tools.access('tool', 'old_get', caller())).toMatchObject({ allowed: false })
    expect(tools.access('tool', 'old_get', caller('read:application'))).toEqual({ allowed: true })
    expect(tools.visibleTo(caller('read:application')).tools.map(({ name }) => name)).toEqual(['get'])
  })

  it('knows more scopes than a number has bits', () => {
    const many = Array.from({ length: 80 }, (_, index) => `scope-${index}`)
    const tools = createToolRegistry({
      scopes: { ...scopes, names: many, expand: (granted) => new Set(granted) },
    })
    for (const name of many)
      tools.register(`tool-${name}`, { description: 'x', scopes: [name] }, () => text('ok'))
    for (const name of many) {
      expect(tools.access('tool', `tool-${name}`, caller(name))).toEqual({ allowed: true })
      expect(tools.visibleTo(caller(name)).tools).toHaveLength(1)
    }
  })
})

describe('lists', () => {
  it('hold what the caller may use, and what is always shown, in the order of registration', () => {
    expect(names(caller())).toEqual(['whoami', 'update_application'])
    expect(names(caller('read:application'))).toEqual([
      'whoami',
      'get_application',
      'update_application',
      'boom',
      'sorry',
      'count',
      'wrong_output',
      'slow',
    ])
    expect(names(caller('admin:application', 'read:user'))).toHaveLength(10)
  })

  it('MC-20 leave out resources, templates and prompts as well', () => {
    expect(registry.visibleTo(caller())).toMatchObject({ resources: [], resourceTemplates: [], prompts: [] })
    const admin = registry.visibleTo(caller('admin:application'))
    expect(admin.resources.map(({ uri }) => uri)).toEqual(['app://secrets', 'app://broken'])
    expect(admin.resourceTemplates).toEqual([
      { uriTemplate: 'app://{owner}/{name}', name: 'application', mimeType: 'text/plain' },
    ])
    expect(admin.prompts).toEqual([
      {
        name: 'review',
        description: 'Reviews a change',
        arguments: [{ name: 'app', required: true }, { name: 'tone' }],
      },
    ])
  })

  it('are the same as texts, for every set of scopes', () => {
    for (const granted of [
      [],
      ['read:application'],
      ['write:application'],
      ['admin:application', 'read:user'],
    ]) {
      const who = caller(...granted)
      expect(JSON.parse(`[${registry.listPage('tools/list', who).json()}]`)).toEqual(
        registry.visibleTo(who).tools,
      )
    }
  })

  it('show a tool that is registered later', () => {
    const tools = createToolRegistry({ scopes }).register('a', { description: 'x', public: true }, () =>
      text('ok'),
    )
    expect(tools.listPage('tools/list', caller()).json()).not.toContain('"b"')
    tools.register('b', { description: 'x', public: true }, () => text('ok'))
    expect(tools.listPage('tools/list', caller()).json()).toContain('"b"')
  })

  /** A registry with as many tools, each with so long a description. */
  function registryOf(count: number, description: string) {
    const tools = createToolRegistry({ scopes })
    for (let index = 0; index < count; index++)
      tools.register(`t${index}`, { description, public: true }, () => text('ok'))
    return tools
  }
  const textOf = (pieces: readonly Uint8Array[]) => {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    return pieces.map((piece) => decoder.decode(piece)).join('')
  }

  it('are the same bytes for everybody with these scopes, until the list changes', () => {
    const tools = registryOf(1, 'ä')
    const page = () => tools.listPage('tools/list', caller('read:user'))
    const pieces = page().pieces()
    expect(textOf(pieces)).toBe(page().json())
    expect(page().pieces()).toBe(pieces)
    expect(tools.listPage('tools/list', caller('read:application')).pieces()).toEqual(pieces)
    tools.remove('tool', 't0')
    expect(page().pieces()).toEqual([])
    tools.register('a', { description: 'a', public: true }, () => text('ok'))
    expect(page().pieces()).not.toEqual(pieces)
  })

  it.each([
    ['fits one piece', 10, 100, 1],
    ['is longer than a piece', 100, 1000, 4],
    ['has entries longer than a piece', 3, 40_000, 3],
  ])('that %s is whole in pieces, none of which breaks a character', (_what, count, length, most) => {
    const page = registryOf(count, '€'.repeat(length)).listPage('tools/list', caller())
    const pieces = page.pieces()
    expect(pieces).toHaveLength(most)
    expect(textOf(pieces)).toBe(page.json())
    expect(page.length).toBe(page.json().length)
    expect(JSON.parse(`[${page.json()}]`)).toHaveLength(count)
  })

  it('survive a reader that transfers their bytes away', () => {
    const tools = registryOf(100, 'x'.repeat(1000))
    const page = () => tools.listPage('tools/list', caller())
    const last = page().pieces().at(-1) ?? new Uint8Array(0)
    structuredClone(undefined, { transfer: [last.buffer] })
    expect(textOf(page().pieces())).toBe(page().json())
  })

  it('are remembered within a bound', () => {
    const tools = registryOf(1, 'x'.repeat(3 * 1024 * 1024))
    const page = (...granted: string[]) => tools.listPage('tools/list', caller(...granted))
    const first = page()
    expect(page()).toBe(first)
    // Two of three megabytes fit into eight.
    const second = page('read:user')
    expect([page(), page('read:user')]).toEqual([first, second])
    const third = page('read:application')
    expect(page('read:user')).toBe(second)
    expect(page('read:application')).toBe(third)
    expect(page()).not.toBe(first)
    expect(page().json()).toBe(first.json())
  })

  it('cannot be changed by who reads them', () => {
    const [tool] = registry.visibleTo(caller()).tools
    expect(() => Object.assign(tool ?? {}, { name: 'x' })).toThrow(TypeError)
  })
})

it('the capabilities are those of what is registered', () => {
  expect(createToolRegistry({ scopes }).capabilities()).toEqual({})
  expect(registry.capabilities()).toEqual({ tools: {}, resources: {}, prompts: {}, completions: {} })
})
