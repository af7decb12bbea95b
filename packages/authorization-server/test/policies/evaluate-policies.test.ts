import { describe, expect, it } from 'vitest'
import type { Decision, TokenPolicy, TokenPolicyInput } from '@gatewright/core'
import type { Client } from '@gatewright/authorization-server'
import { evaluatePolicies } from '../../src/policies/evaluate-policies.ts'
import type { ServerContext } from '../../src/server-context.ts'

const input: TokenPolicyInput = {
  request: {
    oauth: { client_id: 'c', grant_type: 'g', scope: ['read', 'write'], audience: ['https://a.example/mcp'] },
  },
  source: {},
  time: 0,
}

const client = {
  client_id: 'c',
  redirect_uris: [],
  grant_types: [],
  application_type: 'native',
  authenticationMethods: ['none'],
  secretHashes: [],
  verified: true,
  pkce: 'required',
  consent: 'always',
} satisfies Client

const evaluate = (...policies: TokenPolicy[]) =>
  evaluatePolicies(input, client, 900, { options: { policies } } as unknown as ServerContext)
const constrained = (...limits: unknown[]) =>
  evaluate(...limits.map((constrain) => () => ({ allowed: true, constrain }) as Decision))

const whole = { scope: ['read', 'write'], audience: ['https://a.example/mcp'], lifetime: 900 }

describe('evaluatePolicies', () => {
  it('mints everything when there is no policy', async () => {
    expect(await evaluate()).toEqual(whole)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws nothing useful',
      () => {
        throw undefined
      },
    ],
    ['returns nothing', () => undefined],
    ['returns null', () => null],
    ['returns true', () => true],
    ['returns an empty object', () => ({})],
    ['says allowed: 1', () => ({ allowed: 1 })],
    ['says allowed: "false"', () => ({ allowed: 'false' })],
    ['returns an array', () => [{ allowed: true }]],
  ])('a policy that %s denies', async (_what, policy) => {
    await expect(evaluate(policy as unknown as TokenPolicy)).rejects.toMatchObject({ code: 'access_denied' })
  })

  it.each([
    ['more scopes', { scope: ['read', 'write', 'admin'] }],
    ['a longer life', { lifetime: 1_000_000 }],
    ['an endless life', { lifetime: Infinity }],
    ['more audiences', { audience: ['https://a.example/mcp', 'https://b.example/'] }],
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
  ])('PO-13 a constraint of %s widens nothing', async (_what, limit) => {
    expect(await constrained(limit)).toEqual(whole)
  })

  it('PO-13 constraints of several policies add up', async () => {
    expect(
      await constrained(
        { scope: ['write', 'admin'] },
        { lifetime: 60 },
        { scope: ['read', 'write'], lifetime: 600 },
      ),
    ).toEqual({
      ...whole,
      scope: ['write'],
      lifetime: 60,
    })
  })

  it('PO-13 a fraction of a second is cut off', async () => {
    expect((await constrained({ lifetime: 59.99 })).lifetime).toBe(59)
  })

  it.each([
    ['a life of 0', { lifetime: 0 }],
    ['a negative life', { lifetime: -60 }],
    ['half a second', { lifetime: 0.5 }],
    ['a life that is not a number', { lifetime: Number.NaN }],
    ['a life in words', { lifetime: '60' }],
    ['a life of null', { lifetime: null }],
    ['no scope', { scope: [] }],
    ['scopes that are not granted', { scope: ['admin'] }],
    ['scopes as one text', { scope: 'read write' }],
    ['scopes as a set', { scope: new Set(['read']) }],
    ['no audience', { audience: [] }],
    ['another audience', { audience: ['https://b.example/'] }],
    ['an audience as a text that contains it', { audience: 'https://a.example/mcp2' }],
  ])('PO-13 a constraint to %s denies instead of being passed over', async (_what, limit) => {
    await expect(constrained(limit)).rejects.toMatchObject({ code: 'access_denied' })
  })

  it('PO-13 two policies that leave nothing in common deny', async () => {
    await expect(constrained({ scope: ['read'] }, { scope: ['write'] })).rejects.toMatchObject({
      code: 'access_denied',
    })
  })

  it('PO-13 a policy that writes to its input changes nothing', async () => {
    const push: TokenPolicy = ({ request }) => {
      try {
        ;(request.oauth.scope as string[]).push('admin')
      } catch {}
      try {
        ;(request.oauth as unknown as { scope: string[] }).scope = ['admin']
      } catch {}
      return { allowed: true }
    }
    expect(await evaluate(push, push)).toEqual(whole)
    expect(input.request.oauth.scope).toEqual(['read', 'write'])
  })

  it('the rule that denied is in the reason for the event', async () => {
    const cause = async (decision: Decision) =>
      ((await evaluate(() => decision).catch((error: unknown) => error)) as Error).cause
    const denial = { allowed: false, rule: 'office', internal_message: 'another network' }
    expect(await cause(denial)).toBe('office: another network')
    expect(await cause({ allowed: false, rule: 'office' })).toBe('office')
    expect(await cause({ allowed: false, internal_message: 'closed' })).toBe('closed')
  })

  it('what a failing policy threw is kept for the event and never sent', async () => {
    const cause = new Error('SELECT password FROM users')
    const refusal = await evaluate(() => Promise.reject(cause)).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ cause })
    expect(JSON.stringify(refusal)).not.toContain('SELECT')
  })
})
