// Document M: a rule of the gateway sees the tool's parameters, the claims and the source address of every call.
import type { CallPolicy, CallPolicyInput, GatewrightEvent } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createToolRegistry, json, promptText, text } from '../src/index.ts'
import { mint, scopes, testResourceServer } from './support/issuer.ts'
import { call, lines, post, request, rpc, send, jsonHeaders, type Line } from './support/app.ts'

const reader = await mint('read:application', { groups: ['staff'] })

function app({ create }: Pick<Line, 'create'>, policy: CallPolicy, own: CallPolicy[] = []) {
  const events: GatewrightEvent[] = []
  const done: string[] = []
  const seen: CallPolicyInput[] = []
  const watch: CallPolicy = (input) => {
    seen.push(input)
    return policy(input)
  }
  const registry = createToolRegistry({ scopes, policies: [watch], onEvent: (event) => events.push(event) })
    .register(
      'pay',
      {
        description: 'Pays',
        scopes: ['read:application'],
        input: z.object({ amount: z.coerce.number() }),
        policies: own,
        aliases: ['old_pay'],
      },
      ({ amount }, caller) => {
        done.push(`paid ${amount}`)
        return json({ principal: caller.subject, actor: caller.act?.sub ?? null })
      },
    )
    .registerResource('app://{name}', { name: 'app', scopes: ['read:application'] }, ({ name }) => {
      done.push(`read ${name}`)
      return { text: 'x' }
    })
    .registerPrompt(
      'review',
      { public: true, arguments: [{ name: 'app', complete: () => ['one'] }] },
      ({ app: name }) => {
        done.push(`prompt ${name}`)
        return promptText('x')
      },
    )
  const handler = create({ registry, resourceServer: testResourceServer(), name: 'x', version: '1' })
  return { handler, events, done, seen }
}

describe.each(lines)('a policy on calls, $line', (line) => {
  it('gets the parameters, the claims, the source address, and not the token', async () => {
    const { handler, seen, done } = app(line, () => ({ allowed: true }))
    await post(handler, reader, call('old_pay', { amount: '7', extra: 'dropped' }))
    expect(done).toEqual(['paid 7'])
    expect(seen).toMatchObject([
      {
        request: {
          oauth: {
            client_id: 'client-1',
            scope: ['read:application'],
            audience: ['http://127.0.0.1:4000/mcp'],
          },
          mcp: { method: 'tools/call', tool: { params: { name: 'pay', arguments: { amount: 7 } } } },
        },
        subject: 'alice',
        source: { ip: '192.0.2.1' },
        claims: { groups: ['staff'], sub: 'alice' },
      },
    ])
    expect(Object.keys(seen[0]?.request.mcp.tool?.params.arguments ?? {})).toEqual(['amount'])
    expect(seen[0]?.time).toBeGreaterThan(Date.parse('2026-01-01'))
    expect(JSON.stringify(seen)).not.toContain(reader)
  })

  it('gets the authorization details of the token', async () => {
    const { handler, seen } = app(line, () => ({ allowed: true }))
    const authorization_details = [{ type: 'payment', amount: 7 }]
    const bearer = await mint('read:application', { authorization_details })
    await post(handler, bearer, call('old_pay', { amount: '7' }))
    await post(handler, reader, call('old_pay', { amount: '7' }))
    const told = seen.map(({ request }) => request.oauth.authorization_details)
    expect(told).toEqual([authorization_details, undefined])
  })

  it('refuses by amount: the model is told what the rule says for it, the listener the rest, and nothing runs', async () => {
    const limit: CallPolicy = ({ request: { mcp } }) =>
      Number(mcp.tool?.params.arguments.amount) > 100
        ? {
            allowed: false,
            rule: 'limit',
            internal_message: 'over 100 for staff',
            external_message: 'at most 100',
          }
        : { allowed: true }
    const { handler, done, events } = app(line, limit)
    const refused = await post(handler, reader, call('pay', { amount: '1e3' }))
    expect(refused.status).toBe(200)
    expect(await rpc(refused)).toMatchObject({
      result: { isError: true, content: [{ text: 'Access denied: at most 100' }] },
    })
    expect(done).toEqual([])
    expect(events).toMatchObject([
      {
        type: 'tool.denied',
        decision: 'deny',
        reason: 'policy',
        rule: 'limit',
        message: 'over 100 for staff',
        name: 'pay',
        subject: 'alice',
        clientId: 'client-1',
        jti: expect.stringContaining('jti-') as string,
        ip: '192.0.2.1',
      },
    ])
    await post(handler, reader, call('pay', { amount: 100 }))
    expect(done).toEqual(['paid 100'])
    expect(events.at(-1)).toMatchObject({ type: 'tool.called', decision: 'allow' })
  })

  it.each<[string, CallPolicy]>([
    [
      'throws',
      () => {
        throw new Error('secret database is down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret'))],
    ['says nothing', () => undefined as never],
    ['says "yes"', () => ({ allowed: 'yes' }) as never],
    ['constrains what cannot be constrained', () => ({ allowed: true, constrain: { lifetime: 5 } })],
  ])('that %s refuses', async (_what, policy) => {
    for (const place of [app(line, policy), app(line, () => ({ allowed: true }), [policy])]) {
      const body = await (await post(place.handler, reader, call('pay', { amount: 1 }))).text()
      expect(JSON.parse(body)).toMatchObject({ result: { isError: true } })
      expect(body).not.toContain('secret')
      expect(place.done).toEqual([])
    }
  })

  it('decides about resources, prompts and completion as well', async () => {
    const { handler, done, seen } = app(line, () => ({ allowed: false, external_message: 'closed' }))
    for (const [method, params] of [
      ['resources/read', { uri: 'app://x' }],
      ['prompts/get', { name: 'review', arguments: { app: 'y' } }],
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'review' }, argument: { name: 'app', value: '' } },
      ],
    ] as const)
      expect(await rpc(post(handler, reader, request(method, params)))).toMatchObject({
        error: { code: -32003, message: 'Access denied: closed' },
      })
    expect(seen.map(({ request: { mcp } }) => mcp)).toEqual([
      { method: 'resources/read', resource: { params: { uri: 'app://x' } } },
      { method: 'prompts/get', prompt: { params: { name: 'review', arguments: { app: 'y' } } } },
      { method: 'completion/complete', prompt: { params: { name: 'review', arguments: {} } } },
    ])
    expect(done).toEqual([])
  })

  it('is asked only when the scopes suffice and the arguments are valid', async () => {
    const { handler, seen } = app(line, () => ({ allowed: true }))
    await post(handler, await mint(''), call('pay', { amount: 1 }))
    await post(handler, reader, call('pay', { amount: {} }))
    expect(seen).toEqual([])
  })

  it('TX-16 the handler sees principal and actor, and a rule only the outermost actor', async () => {
    const delegated = await mint('read:application', {
      act: { sub: 'gateway', act: { sub: 'evil-agent' } },
    })
    const { handler, seen, events } = app(line, ({ act, claims }) => ({
      allowed: act?.sub === 'gateway' && JSON.stringify(claims.act) === '{"sub":"gateway"}',
    }))
    expect(await rpc(post(handler, delegated, call('pay', { amount: 1 })))).toMatchObject({
      result: { structuredContent: { principal: 'alice', actor: 'gateway' } },
    })
    expect(JSON.stringify(seen)).not.toContain('evil-agent')
    // The audit keeps the whole chain.
    expect(events.at(-1)).toMatchObject({ act: { sub: 'gateway', act: { sub: 'evil-agent' } } })
  })

  it('PV-12 what a client writes into _meta, traceparent or baggage decides nothing and reaches no event', async () => {
    const { handler, seen, events, done } = app(line, ({ claims }) => ({
      allowed: claims.groups !== undefined,
    }))
    const outsider = await mint('read:application')
    const forged = 'evil\r\n{"type":"tool.called","subject":"root"}'
    const params = {
      name: 'pay',
      arguments: { amount: 1 },
      _meta: { traceparent: forged, subject: 'root', scopes: ['admin:application'], groups: ['staff'] },
    }
    const response = await send(handler, {
      method: 'POST',
      headers: {
        ...jsonHeaders,
        authorization: `Bearer ${outsider}`,
        traceparent: '00-evil-01',
        baggage: 'subject=root,groups=staff',
        'x-forwarded-for': '10.0.0.1',
        'x-request-id': 'evil',
      },
      body: JSON.stringify(request('tools/call', params)),
    })
    expect(await rpc(response)).toMatchObject({ result: { isError: true } })
    expect(done).toEqual([])
    expect(events).toMatchObject([{ subject: 'alice', ip: '192.0.2.1', requestId: 'r1' }])
    expect(JSON.stringify([seen, events])).not.toMatch(/evil|root|10\.0\.0\.1/)
  })
})

it('a policy that is no function is refused', () => {
  expect(() => createToolRegistry({ scopes, policies: [undefined as never] })).toThrow(TypeError)
  const own = { description: 'x', public: true as const, policies: [{} as never] }
  expect(() => createToolRegistry({ scopes }).register('t', own, () => text(''))).toThrow(TypeError)
})
