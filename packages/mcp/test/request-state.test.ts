// MCP 2026-07-28 Multi-round-trip requests: https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/mrtr
import { defaultRuntime } from '@gatewright/core'
import { expect, it } from 'vitest'
import { createRequestStates } from '../src/index.ts'

let now = 0
const states = createRequestStates({
  key: 'k'.repeat(32),
  lifetime: 60,
  runtime: { ...defaultRuntime, now: () => now },
})
const alice = { subject: 'alice', clientId: 'c', scopes: [] }
const ask = { name: 'ask', arguments: { amount: 5, to: { b: 1, a: [2] } } }
const again = (requestState: unknown, params: object = ask) => ({ ...params, requestState })

it('MC-34 a state comes back to the same tool, arguments and caller, and to nobody else', async () => {
  const state = await states.seal({ step: 2 }, ask, alice)
  expect(await states.open(again(state), alice)).toEqual({ step: 2 })
  // The order of members says nothing.
  const reordered = { arguments: { to: { a: [2], b: 1 }, amount: 5 }, name: 'ask' }
  expect(await states.open(again(state, reordered), alice)).toEqual({ step: 2 })
  expect(await states.open(again(state, { ...ask, name: 'other' }), alice)).toBeUndefined()
  for (const args of [{ amount: 6, to: { b: 1, a: [2] } }, { amount: 5 }, {}, undefined, '5'])
    expect(await states.open(again(state, { ...ask, arguments: args }), alice)).toBeUndefined()
  expect(await states.open(again(state), { ...alice, subject: 'bob' })).toBeUndefined()
  expect(await states.open(again(state), { ...alice, clientId: 'd' })).toBeUndefined()
  expect(await states.open(again(state), { ...alice, issuer: 'https://other.example' })).toBeUndefined()
  const stranger = createRequestStates({ key: 'x'.repeat(32) })
  expect(await stranger.open(again(state), alice)).toBeUndefined()
})

/** The same text, but for its last character, whatever that is. */
function withOtherEnd(text: string): string {
  return `${text.slice(0, -1)}${text.endsWith('A') ? 'Q' : 'A'}`
}

it('MC-34 a state that was changed, or is none, is not opened', async () => {
  const state = await states.seal('secret', ask, alice)
  const [body = '', tag = ''] = state.split('.')
  for (const changed of [
    `${withOtherEnd(body)}.${tag}`,
    `${body}.${withOtherEnd(tag)}`,
    `${body}.`,
    body,
    `.${tag}`,
    `${state}.x`,
    '',
    7,
    null,
    undefined,
    {},
    'x'.repeat(100_000),
  ])
    expect(await states.open(again(changed), alice)).toBeUndefined()
})

it('MC-34 a state grows too old', async () => {
  const state = await states.seal(1, ask, alice)
  now += 59_999
  expect(await states.open(again(state), alice)).toBe(1)
  now += 1
  expect(await states.open(again(state), alice)).toBeUndefined()
})

it('a short key or a lifetime that is none is refused', () => {
  expect(() => createRequestStates({ key: 'short' })).toThrow(TypeError)
  for (const lifetime of [0, -1, 0.5, Number.NaN, Infinity])
    expect(() => createRequestStates({ key: 'k'.repeat(32), lifetime })).toThrow(TypeError)
})
