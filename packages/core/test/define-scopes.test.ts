// RFC 6749 §3.3: https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3
import { describe, expect, test } from 'vitest'
import { defineScopes } from '@gatewright/core'
import type { ScopeDefinition } from '@gatewright/core'

const scopes = defineScopes({
  'read:application': 'View applications',
  'write:application': { description: 'Change applications', implies: ['read:application'] },
  'admin:application': { description: 'Everything', implies: ['write:application'] },
  'read:user': { description: 'View users', aliases: ['user:read'] },
})

/** Definitions as plain JavaScript may pass them. */
const untyped = (definitions: Record<string, string | ScopeDefinition>) => defineScopes(definitions)

describe('what is missing', () => {
  test('nothing, when every required scope is granted', () => {
    expect(scopes.missing(['read:user', 'read:application'], ['read:application'])).toEqual([])
  })

  test('the required scopes that are not granted, in the order required', () => {
    expect(
      scopes.missing(['read:application'], ['read:user', 'read:application', 'write:application']),
    ).toEqual(['read:user', 'write:application'])
  })

  test('nothing, when a granted scope implies the required one, at any depth', () => {
    expect(scopes.missing(['write:application'], ['read:application'])).toEqual([])
    expect(scopes.missing(['admin:application'], ['read:application'])).toEqual([])
  })

  test('the implying scope, when only the implied one is granted', () => {
    expect(scopes.missing(['read:application'], ['write:application'])).toEqual(['write:application'])
  })

  test('nothing, when an alias of the required scope is granted', () => {
    expect(scopes.missing(['user:read'], ['read:user'])).toEqual([])
  })

  test('nothing, when an alias of a granted scope is required', () => {
    expect(scopes.missing(['read:user'], ['user:read'])).toEqual([])
    expect(scopes.missing(['user:read'], ['user:read'])).toEqual([])
  })

  test('an undefined scope, unless exactly it is granted', () => {
    expect(scopes.missing(['admin:application'], ['read:invoice'])).toEqual(['read:invoice'])
    expect(scopes.missing(['read:invoice'], ['read:invoice'])).toEqual([])
  })

  test('a scope that is granted in other letters, or with blanks', () => {
    expect(scopes.missing(['READ:USER', ' read:user', 'read:user '], ['read:user'])).toEqual(['read:user'])
  })
})

describe('names', () => {
  test('are listed as defined, without aliases', () => {
    expect(scopes.names).toEqual(['read:application', 'write:application', 'admin:application', 'read:user'])
  })

  test('are known as scope or as alias', () => {
    expect([scopes.has('read:user'), scopes.has('user:read'), scopes.has('constructor')]).toEqual([
      true,
      true,
      false,
    ])
  })

  test('have the text of the consent page, an alias that of its scope', () => {
    expect(scopes.describe('read:application')).toBe('View applications')
    expect(scopes.describe('user:read')).toBe('View users')
    expect(scopes.describe('toString')).toBe('toString')
  })

  test('stand for a scope', () => {
    expect([scopes.canonical('user:read'), scopes.canonical('read:user'), scopes.canonical('other')]).toEqual(
      ['read:user', 'read:user', 'other'],
    )
  })
})

test('expanding adds what is implied and keeps what was given', () => {
  expect([...scopes.expand(['write:application', 'unknown'])].toSorted()).toEqual([
    'read:application',
    'unknown',
    'write:application',
  ])
})

test('scopes may imply each other', () => {
  const circular = defineScopes({
    a: { description: 'A', implies: ['b'] },
    b: { description: 'B', implies: ['a'] },
  })
  expect([circular.missing(['a'], ['b']), circular.missing(['b'], ['a'])]).toEqual([[], []])
})

describe('a definition is refused at start-up', () => {
  test.each(['', 'read user', 'read"user', 'read\\user', 'läsa', 'read\n', 'x'.repeat(257)])(
    'when %j is a name',
    (name) => {
      expect(() => untyped({ [name]: 'text' })).toThrow(TypeError)
      expect(() => untyped({ a: { description: 'A', aliases: [name] } })).toThrow(TypeError)
    },
  )

  test('when a scope implies one that is not defined', () => {
    expect(() => untyped({ a: { description: 'A', implies: ['b'] } })).toThrow(
      new TypeError('scope "a" implies "b", which is not defined'),
    )
  })

  test('when an alias is also a scope, or an alias twice', () => {
    expect(() => untyped({ a: 'A', b: { description: 'B', aliases: ['a'] } })).toThrow(TypeError)
    expect(() =>
      untyped({ a: { description: 'A', aliases: ['c'] }, b: { description: 'B', aliases: ['c'] } }),
    ).toThrow(TypeError)
  })

  test('by the compiler, when an implied name is misspelt', () => {
    expect(() =>
      defineScopes({
        'read:user': 'View users',
        // @ts-expect-error the name is misspelt
        'write:user': { description: 'Change users', implies: ['read:usr'] },
      }),
    ).toThrow(TypeError)
  })
})
