import { expect, test } from 'vitest'
import { encodeForm } from '../src/encode-form.ts'

const pairs = (fields: object) => [...new URLSearchParams(encodeForm(fields))]

test('HT-04 a list of strings is a repeated field', () => {
  expect(pairs({ a: ['1', '2', '1'], b: 'x' })).toEqual([
    ['a', '1'],
    ['a', '2'],
    ['a', '1'],
    ['b', 'x'],
  ])
})

test('HT-04 a long list that a parser turned into an object is a repeated field', () => {
  const list = Array.from({ length: 30 }, (_, index) => `s${index}`)
  expect(pairs({ scope: Object.assign({}, list) })).toEqual(list.map((item) => ['scope', item]))
})

test('HT-04 what was written with brackets has brackets', () => {
  expect(pairs({ code: ['a'] })).toEqual([['code[]', 'a']])
  expect(pairs({ scope: { x: 'y' } })).toEqual([['scope[x]', 'y']])
  expect(pairs({ scope: { 0: 'y' } })).toEqual([['scope[0]', 'y']])
  expect(pairs({ code: [{ x: 'a' }] })).toEqual([['code[][x]', 'a']])
  expect(pairs({ code: ['a', { x: 'b' }] })).toEqual([
    ['code[0]', 'a'],
    ['code[1][x]', 'b'],
  ])
  expect(pairs({ code: { 0: 'a', 5000: 'b' } })).toEqual([
    ['code[0]', 'a'],
    ['code[5000]', 'b'],
  ])
})

test('values that parsers made of strings are strings again', () => {
  expect(pairs({ n: 1, yes: true, none: null, missing: undefined, empty: [] })).toEqual([
    ['n', '1'],
    ['yes', 'true'],
    ['none', ''],
    ['missing', ''],
  ])
})

test('HT-06 fields of an object without prototype, and with names of built-in properties, are fields', () => {
  const fields = Object.assign(Object.create(null) as object, { hasOwnProperty: '1', toString: '2' })
  expect(pairs(fields)).toEqual([
    ['hasOwnProperty', '1'],
    ['toString', '2'],
  ])
})
