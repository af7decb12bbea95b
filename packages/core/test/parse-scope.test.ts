// RFC 6749 §3.3: https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3
import { describe, expect, test } from 'vitest'
import { formatScope, OAuthError, parseScope } from '@gatewright/core'

test.each([
  [undefined, []],
  ['', []],
  ['read', ['read']],
  ['read:user write:user', ['read:user', 'write:user']],
  ['b a b a', ['b', 'a']],
  ['READ read', ['READ', 'read']],
  ['https://example.com/scope#1 !~[]', ['https://example.com/scope#1', '!~[]']],
])('%j has the scopes %j', (value, scopes) => {
  expect(parseScope(value)).toEqual(scopes)
})

describe('a value is refused', () => {
  test.each([
    ['a leading space', ' read'],
    ['a trailing space', 'read '],
    ['two spaces', 'read  write'],
    ['a tab', 'read\twrite'],
    ['a line break', 'read\n'],
    ['a quote', 'read"write'],
    ['a backslash', 'read\\write'],
    ['a letter outside ASCII', 'läsa'],
    ['a control character', 'read\u0000'],
    ['only a space', ' '],
    ['more than 4,096 characters', 'x'.repeat(4097)],
    ['more than 100 scopes', Array.from({ length: 101 }, (_, index) => `s${index}`).join(' ')],
    ['more than 100 repetitions', Array.from({ length: 101 }, () => 's').join(' ')],
  ])('with %s', (_, value) => {
    expect(() => parseScope(value)).toThrow(OAuthError)
    expect(() => parseScope(value)).toThrow(expect.objectContaining({ code: 'invalid_scope', status: 400 }))
  })
})

test('a hostile value is refused in linear time', () => {
  const value = `${'a '.repeat(2000)}"`
  // The fastest of several runs: the others may have waited for the processor.
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    expect(() => parseScope(value)).toThrow(OAuthError)
    return performance.now() - started
  })
  expect(Math.min(...times)).toBeLessThan(50)
})

test('scopes are joined by single spaces', () => {
  expect(formatScope(new Set(['a', 'b']))).toBe('a b')
  expect(formatScope([])).toBe('')
})
