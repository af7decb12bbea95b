import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createToolRegistry, text, type Caller } from '../src/index.ts'
import { mint, scopes, testResourceServer } from './support/issuer.ts'
import { call, lines, post, rpc } from './support/app.ts'

const caller = (...granted: string[]): Caller => ({ subject: 'alice', clientId: 'c', scopes: granted })
const open = () => text('ok')

describe('a scope expression', () => {
  const registry = createToolRegistry({ scopes })
    .register('either', { description: 'x', scopes: { any: ['read:user', 'admin:application'] } }, open)
    .register(
      'nested',
      {
        description: 'x',
        scopes: ['read:user', { any: ['admin:application', { all: ['write:application'] }] }],
      },
      open,
    )
    .register('both', { description: 'x', scopes: { all: ['read:user', 'read:application'] } }, open)

  it('is met by any of its alternatives, and through the hierarchy', () => {
    for (const scope of ['read:user', 'admin:application'])
      expect(registry.access('tool', 'either', caller(scope))).toEqual({ allowed: true })
    expect(registry.access('tool', 'both', caller('read:user', 'write:application'))).toEqual({
      allowed: true,
    })
    expect(registry.access('tool', 'nested', caller('read:user', 'admin:application'))).toEqual({
      allowed: true,
    })
  })

  it('is not met by less, and asks for the alternative that lacks the fewest scopes', () => {
    expect(registry.access('tool', 'either', caller('write:application'))).toEqual({
      allowed: false,
      missing: ['read:user'],
      required: ['read:user'],
    })
    expect(registry.access('tool', 'nested', caller('write:application'))).toEqual({
      allowed: false,
      missing: ['read:user'],
      required: ['read:user', 'write:application'],
    })
    expect(registry.access('tool', 'nested', caller())).toMatchObject({
      required: ['read:user', 'admin:application'],
    })
    expect(registry.access('tool', 'both', caller('read:user'))).toMatchObject({
      missing: ['read:application'],
    })
  })

  it('decides what is listed', () => {
    const names = (who: Caller) => registry.visibleTo(who).tools.map(({ name }) => name)
    expect(names(caller('read:user'))).toEqual(['either'])
    expect(names(caller('write:application'))).toEqual([])
    expect(names(caller('admin:application', 'read:user'))).toEqual(['either', 'nested', 'both'])
  })

  it.each([
    [[]],
    ['read:user'],
    [{ any: [] }],
    [{ all: [] }],
    [['']],
    [['nope']],
    [{ any: ['read:user', 'nope'] }],
    [{ any: ['read:user'], all: ['read:user'] }],
    [{ some: ['read:user'] }],
    [['read:user', null]],
    [[[]]],
  ])('MC-48 %j is refused when it is registered', (expression) => {
    const register = () =>
      createToolRegistry({ scopes }).register('t', { description: 'x', scopes: expression as never }, open)
    expect(register).toThrow(TypeError)
  })

  it('is refused when it multiplies out too far', () => {
    const pair = { any: ['read:user', 'read:application'] as const }
    const register = () =>
      createToolRegistry({ scopes }).register(
        't',
        { description: 'x', scopes: Array.from({ length: 7 }, () => pair) },
        open,
      )
    expect(register).toThrow(/64 alternatives/)
  })
})

describe.each(lines)('scopes from arguments, $line', ({ create }) => {
  function app() {
    const done: string[] = []
    const registry = createToolRegistry({ scopes }).register(
      'transfer',
      {
        description: 'Moves money',
        scopes: ['read:application'],
        input: z.object({ amount: z.coerce.number(), to: z.enum(['me', 'others', 'broken', 'wrong']) }),
        scopesFor({ amount, to }, who) {
          if (to === 'broken') throw new Error('secret lookup failed')
          if (to === 'wrong') return ['nope'] as never
          if (to === 'me' && who.subject === 'alice') return []
          return amount > 100 ? ['admin:application'] : [{ any: ['write:application', 'read:user'] }]
        },
      },
      ({ amount }) => {
        done.push(`moved ${amount}`)
        return text('moved')
      },
    )
    const handler = create({ registry, resourceServer: testResourceServer(), name: 'x', version: '1' })
    return { handler, registry, done }
  }
  const say = (handler: ReturnType<typeof app>['handler'], token: string, args: object) =>
    post(handler, token, call('transfer', args))

  it('are one 403 with all that this call needs, and nothing runs', async () => {
    const { handler, done } = app()
    const reader = await mint('read:application')
    const response = await say(handler, reader, { amount: '1e9', to: 'others' })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('scope="read:application admin:application"')
    const smaller = await say(handler, reader, { amount: 5, to: 'others' })
    expect(smaller.headers.get('www-authenticate')).toContain('scope="read:application write:application"')
    expect(done).toEqual([])
  })

  it('let a call run whose arguments need no more, or whose token has it', async () => {
    const { handler, done } = app()
    const [reader, writer] = await Promise.all([mint('read:application'), mint('write:application')])
    expect((await say(handler, reader, { amount: 5, to: 'me' })).status).toBe(200)
    expect((await say(handler, writer, { amount: 6, to: 'others' })).status).toBe(200)
    expect((await say(handler, writer, { amount: 101, to: 'others' })).status).toBe(403)
    expect(done).toEqual(['moved 5', 'moved 6'])
  })

  it('decide for a caller who comes without a gate, too', async () => {
    const { registry, done } = app()
    const params = { name: 'transfer', arguments: { amount: 5, to: 'others' } }
    const extra = {
      params,
      signal: new AbortController().signal,
      acceptsInputRequired: false,
      progress: async () => {},
    }
    await expect(registry.dispatch('tools/call', caller('read:application'), extra)).rejects.toMatchObject({
      code: -32001,
    })
    expect(done).toEqual([])
  })

  it('are not asked about arguments that are not valid, and refuse when they fail', async () => {
    const { handler, done } = app()
    const admin = await mint('admin:application')
    expect(await rpc(say(handler, admin, { amount: 5 }))).toMatchObject({ result: { isError: true } })
    for (const to of ['broken', 'wrong']) {
      const response = await say(handler, admin, { amount: 5, to })
      expect(response.status).toBe(500)
      expect(await response.text()).not.toMatch(/secret|nope/)
    }
    expect(done).toEqual([])
  })
})
