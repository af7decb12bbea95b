import { expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { privateCopy } from '../../src/memory/private-copy.ts'
import { createStringTable } from '../../src/memory/string-table.ts'

const copy = (value: Json) => privateCopy(value, createStringTable())

it('calls a getter once and keeps what it gave', () => {
  let calls = 0
  const value = {
    get n() {
      return { calls: ++calls }
    },
  }
  expect(copy(value)).toEqual({ n: { calls: 1 } })
  expect(calls).toBe(1)
})

it('copies a value that is deeper than the direct way goes', () => {
  let value: Json = 'bottom'
  for (let level = 0; level < 500; level++) value = { value }
  expect(JSON.stringify(copy(value))).toBe(JSON.stringify(value))
})

it('freezes what took the detour through JSON as well', () => {
  const value = copy({ inner: { date: new Date(0), dropped: undefined } }) as { inner: object }
  expect(Object.isFrozen(value) && Object.isFrozen(value.inner)).toBe(true)
})

it('the string table returns equal strings, whatever their length and content', () => {
  const share = createStringTable()
  const body = `grant_type=authorization_code&code=${'x'.repeat(5000)}&state=\ud83d\0ä`
  for (let length = 0; length < body.length; length += 7)
    for (const text of [body.slice(0, length), body.slice(-length), body.slice(length, length + 40)])
      expect(share(text)).toBe(text)
})
