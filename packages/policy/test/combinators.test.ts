import type { CallPolicy, CallPolicyInput, TokenPolicy } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { allOf, anyOf, explain, scopeSubset, sourceIp, timeWindow, when } from '@gatewright/policy'
import { input } from './support.ts'

const yes: TokenPolicy = () => ({ allowed: true })
const no: TokenPolicy = () => ({ allowed: false, internal_message: 'no' })
const broken: TokenPolicy = () => {
  throw new Error('database is down')
}

describe('document M, token minting policies', () => {
  // package orchestrator; default result["allowed"] := true; public client only from 10.0.0.0/8
  const corporateNetwork = when({ client: 'claude-public' }, sourceIp(['10.0.0.0/8']))
  // the same with the provider's ranges beside the corporate ones
  const withProvider = when(
    { client: 'claude-public' },
    sourceIp(['10.0.0.0/8', '160.79.104.0/21', '2607:6bc0::/48']),
  )

  it.each([
    ['10.1.2.3', true, true],
    ['160.79.104.10', false, true],
    ['2607:6bc0::10', false, true],
    ['203.0.113.9', false, false],
  ])(
    'decide about the public client at %s: %s, and with the provider: %s',
    async (ip, corporate, provider) => {
      expect((await corporateNetwork(input({ ip }))).allowed).toBe(corporate)
      expect((await withProvider(input({ ip }))).allowed).toBe(provider)
    },
  )

  // package orchestrator; default result["allowed"] := true; nobody but from the provider's ranges
  const providerOnly = sourceIp(['160.79.104.0/21', '2607:6bc0::/48'])
  // not anthropic_ip; not corporate_ip
  const allowedNetworks = anyOf(providerOnly, sourceIp(['10.0.0.0/8']))

  it.each([
    ['160.79.104.0', true, true],
    ['160.79.111.255', true, true],
    ['160.79.112.0', false, false],
    ['2607:6bc0:0:ffff::1', true, true],
    ['2607:6bc0:1::', false, false],
    ['10.1.2.3', false, true],
    ['203.0.113.9', false, false],
    [undefined, false, false],
  ])(
    'decide about every client at %s: %s, and with the corporate network: %s',
    async (ip, provider, networks) => {
      for (const client of ['claude-public', 'web']) {
        const request = input({ client, ...(ip === undefined ? {} : { ip }) })
        expect((await providerOnly(request)).allowed).toBe(provider)
        expect((await allowedNetworks(request)).allowed).toBe(networks)
      }
    },
  )

  it('leave every other client alone', async () => {
    expect(await corporateNetwork(input({ client: 'web', ip: '203.0.113.9' }))).toEqual({ allowed: true })
  })
})

describe('when', () => {
  it('asks for every member and for one of a list', async () => {
    const rule = when({ client: ['a', 'b'], grantType: 'refresh_token', scope: 'write:user' }, no)
    const allowed = async (change: Parameters<typeof input>[0]) => (await rule(input(change))).allowed
    expect(
      await allowed({ client: 'b', grantType: 'refresh_token', scope: ['read:user', 'write:user'] }),
    ).toBe(false)
    expect(await allowed({ client: 'c', grantType: 'refresh_token', scope: ['write:user'] })).toBe(true)
    expect(await allowed({ client: 'a', grantType: 'authorization_code', scope: ['write:user'] })).toBe(true)
    expect(await allowed({ client: 'a', grantType: 'refresh_token', scope: ['xwrite:user'] })).toBe(true)
  })

  it('asks for the types of authorization details', async () => {
    const rule = when({ detailType: 'payment' }, no)
    const plain = input()
    const { oauth } = plain.request
    const asking = (type: string) => ({
      ...plain,
      request: { oauth: { ...oauth, authorization_details: [{ type: 'file' }, { type }] } },
    })
    expect((await rule(asking('payment'))).allowed).toBe(false)
    expect((await rule(asking('other'))).allowed).toBe(true)
    expect((await rule(plain)).allowed).toBe(true)
  })

  it('refuses to be built without a circumstance, with a misspelt one, or without a policy', () => {
    expect(() => when({}, no)).toThrow(TypeError)
    // @ts-expect-error a misspelt member does not compile
    expect(() => when({ clients: 'a' }, no)).toThrow(TypeError)
    expect(() => when({ client: 'a' })).toThrow(TypeError)
  })
})

describe('allOf and anyOf', () => {
  it('PO-14 a denial wins in every order', async () => {
    expect((await allOf(yes, no)(input())).allowed).toBe(false)
    expect((await allOf(no, yes)(input())).allowed).toBe(false)
  })

  it.each([broken, () => Promise.reject(new Error('x')), () => undefined, () => ({ allowed: 'yes' })])(
    'a policy that fails or returns no decision denies (%#)',
    async (policy) => {
      expect((await allOf(yes, policy as TokenPolicy)(input())).allowed).toBe(false)
      expect((await anyOf(policy as TokenPolicy)(input())).allowed).toBe(false)
    },
  )

  it('anyOf takes the first that allows, and tells all reasons when none does', async () => {
    expect(await anyOf(no, () => ({ allowed: true, constrain: { lifetime: 5 } }))(input())).toEqual({
      allowed: true,
      constrain: { lifetime: 5 },
    })
    expect(await anyOf(no, broken)(input())).toMatchObject({
      allowed: false,
      internal_message: 'no; the policy failed: database is down',
    })
  })

  it('anyOf tells the client what its branches have for it, each once', async () => {
    const tell =
      (text: string): TokenPolicy =>
      () => ({ allowed: false, external_message: text })
    expect(await anyOf(tell('ask IT'), no, tell('come by day'), tell('ask IT'))(input())).toMatchObject({
      allowed: false,
      external_message: 'ask IT; come by day',
    })
    expect(await anyOf(no, no)(input())).not.toHaveProperty('external_message')
  })

  it('PO-13 allOf denies where constraints leave nothing in common, and names the rule that did', async () => {
    const limit = (rule: string, ...scope: string[]): TokenPolicy => {
      return () => ({ allowed: true, rule, constrain: { scope } })
    }
    const request = input({ scope: ['read', 'write'] })
    expect(await allOf(limit('first', 'read'), limit('second', 'write'))(request)).toEqual({
      allowed: false,
      rule: 'second',
      internal_message: 'the policy leaves no scope of read: it permits write',
    })
    expect(await allOf(yes, limit('only'))(request)).toMatchObject({ allowed: false, rule: 'only' })
  })

  it('adds constraints up by narrowing', async () => {
    const first: TokenPolicy = () => ({ allowed: true, constrain: { scope: ['a', 'b'], lifetime: 60 } })
    const second: TokenPolicy = () => ({ allowed: true, constrain: { scope: ['b', 'c'], lifetime: 300 } })
    expect(await allOf(first, second)(input({ scope: ['a', 'b', 'c'] }))).toEqual({
      allowed: true,
      constrain: { scope: ['b'], lifetime: 60 },
    })
  })
})

describe('scopeSubset', () => {
  it('compares names exactly', async () => {
    const rule = scopeSubset(['pii:read'])
    expect((await rule(input({ scope: ['pii:read'] }))).allowed).toBe(true)
    expect((await rule(input({ scope: ['xpii:read'] }))).allowed).toBe(false)
    expect((await rule(input({ scope: ['pii:read', 'pii:write'] }))).allowed).toBe(false)
  })
})

describe('explain', () => {
  it('tells which rule decides, also when a policy fails', async () => {
    const rule = when({ client: 'claude-public' }, sourceIp(['10.0.0.0/8']))
    const explanation = await explain([yes, rule, broken], input({ ip: '203.0.113.9' }))
    expect(explanation.allowed).toBe(false)
    expect(explanation.decidedBy).toMatchObject({ rule: 'sourceIp(10.0.0.0/8)', index: 1 })
    expect(explanation.decisions.map(({ allowed }) => allowed)).toEqual([true, false, false])
    expect(explanation).not.toHaveProperty('left')
  })

  it('PO-13 tells which limit leaves nothing over, as the server would refuse it', async () => {
    const read: TokenPolicy = () => ({ allowed: true, rule: 'readers', constrain: { scope: ['read'] } })
    const write: TokenPolicy = () => ({ allowed: true, rule: 'writers', constrain: { scope: ['write'] } })
    const request = input({ scope: ['read', 'write'] })
    expect(await explain([yes, read, write, no], request)).toMatchObject({
      allowed: false,
      decidedBy: {
        allowed: false,
        index: 2,
        rule: 'writers',
        internal_message: 'the policy leaves no scope of read: it permits write',
      },
    })
    for (const constrain of [{ audience: [] }, { lifetime: 0 }, { lifetime: '60' as unknown as number }])
      expect(await explain([() => ({ allowed: true, constrain })], request)).toMatchObject({
        allowed: false,
        decidedBy: { index: 0 },
      })
  })

  it('tells what limits leave over', async () => {
    const narrow: TokenPolicy = () => ({
      allowed: true,
      constrain: { scope: ['read', 'more'], lifetime: 60 },
    })
    const request = input({ scope: ['read', 'write'] })
    const audience = ['https://mcp.example.com/mcp']
    expect((await explain([yes, narrow], request)).left).toEqual({ scope: ['read'], audience, lifetime: 60 })
    expect((await explain([yes], request)).left).toEqual({ scope: ['read', 'write'], audience })
  })
})

describe('rules for calls', () => {
  const callOf = (name: string, args: object = {}, ip = '10.1.1.1'): CallPolicyInput => ({
    request: {
      oauth: { client_id: 'claude-public', scope: ['pay'], audience: ['https://mcp.example.com/mcp'] },
      mcp: { method: 'tools/call', tool: { params: { name, arguments: { ...args } } } },
    },
    subject: 'alice',
    claims: { groups: ['staff'] },
    source: { ip },
    time: Date.parse('2026-01-05T12:00:00Z'),
  })
  const smallAmounts: CallPolicy = ({ request: { mcp } }) => ({
    allowed: Number(mcp.tool?.params.arguments.amount) <= 100,
  })
  const rule: CallPolicy = allOf(
    when({ tool: ['pay', 'refund'] }, sourceIp(['10.0.0.0/8']), smallAmounts),
    when({ client: 'claude-public' }, timeWindow({ from: '09:00', to: '17:00', timeZone: 'UTC' })),
    when(
      (input: CallPolicyInput) => input.claims.groups === undefined,
      () => ({ allowed: false }),
    ),
  )

  it('combine what rules for tokens are made of with the tool, its arguments and the claims', async () => {
    const allowed = async (input: CallPolicyInput) => (await rule(input)).allowed
    expect(await allowed(callOf('pay', { amount: 100 }))).toBe(true)
    expect(await allowed(callOf('pay', { amount: 101 }))).toBe(false)
    expect(await allowed(callOf('refund', { amount: 5 }, '192.0.2.1'))).toBe(false)
    expect(await allowed(callOf('list', { amount: 500 }, '192.0.2.1'))).toBe(true)
    expect(await allowed({ ...callOf('list'), time: Date.parse('2026-01-05T18:00:00Z') })).toBe(false)
    expect(await allowed({ ...callOf('list'), claims: {} })).toBe(false)
    expect(await explain([rule], callOf('pay', { amount: 101 }))).toMatchObject({ allowed: false })
    expect(await explain([rule], callOf('pay', { amount: 5 }))).not.toHaveProperty('left')
    const limited: CallPolicy = () => ({ allowed: true, rule: 'short', constrain: { lifetime: 5 } })
    expect(await explain([rule, limited], callOf('pay', { amount: 5 }))).toMatchObject({
      allowed: false,
      decidedBy: { rule: 'short', index: 1, internal_message: 'a call cannot be limited' },
    })
  })

  it('do not compile where the circumstances are those of a token', () => {
    // @ts-expect-error a call has no grant type, so the rule would never apply
    const never: CallPolicy = when({ grantType: 'refresh_token' }, no)
    expect(never).toBeTypeOf('function')
  })
})
