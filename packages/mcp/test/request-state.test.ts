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

it('MC-34 a state comes back to the same tool and caller, and to nobody else', async () => {
  const state = await states.seal({ step: 2 }, 'ask', alice)
  expect(await states.open(state, 'ask', alice)).toEqual({ step: 2 })
  expect(await states.open(state, 'other', alice)).toBeUndefined()
  expect(await states.open(state, 'ask', { ...alice, subject: 'bob' })).toBeUndefined()
  expect(await states.open(state, 'ask', { ...alice, clientId: 'd' })).toBeUndefined()
  const stranger = createRequestStates({ key: 'x'.repeat(32) })
  expect(await stranger.open(state, 'ask', alice)).toBeUndefined()
})

it('MC-34 a state that was changed, or is none, is not opened', async () => {
  const state = await states.seal('secret', 'ask', alice)
  const [body = '', tag = ''] = state.split('.')
  for (const changed of [
    `${body.slice(0, -1)}A.${tag}`,
    `${body}.${tag.slice(0, -1)}A`,
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
    expect(await states.open(changed, 'ask', alice)).toBeUndefined()
})

it('MC-34 a state grows too old', async () => {
  const state = await states.seal(1, 'ask', alice)
  now += 59_999
  expect(await states.open(state, 'ask', alice)).toBe(1)
  now += 1
  expect(await states.open(state, 'ask', alice)).toBeUndefined()
})

it('a short key or a lifetime that is none is refused', () => {
  expect(() => createRequestStates({ key: 'short' })).toThrow(TypeError)
  for (const lifetime of [0, -1, 0.5, Number.NaN, Infinity])
    expect(() => createRequestStates({ key: 'k'.repeat(32), lifetime })).toThrow(TypeError)
})
