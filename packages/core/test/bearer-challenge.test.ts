// RFC 6750 §3: https://www.rfc-editor.org/rfc/rfc6750.html#section-3
import { expect, test } from 'vitest'
import { bearerChallenge } from '@gatewright/core'

test('parameters are written in their order, and those that are undefined are left out', () => {
  const challenge = bearerChallenge({
    error: 'insufficient_scope',
    error_description: undefined,
    scope: 'read:user write:user',
    resource_metadata: 'https://api.example.com/.well-known/oauth-protected-resource',
  })
  expect(challenge).toBe(
    'Bearer error="insufficient_scope", scope="read:user write:user", ' +
      'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource"',
  )
})

test('a challenge without parameters is the bare scheme', () => {
  expect(bearerChallenge({})).toBe('Bearer')
})

test('a value cannot break out of its quotes or of the header', () => {
  const challenge = bearerChallenge({ error_description: 'a", evil="1\\"\r\nSet-Cookie: a=b' })
  expect(challenge).toBe(`Bearer error_description="a', evil='1?'??Set-Cookie: a=b"`)
  expect(() => new Headers({ 'www-authenticate': challenge })).not.toThrow()
})

test('a description is cut, and what a client acts on is not', () => {
  const scope = Array.from({ length: 100 }, (_, index) => `read:collection-${index}`).join(' ')
  const challenge = bearerChallenge({ error_description: 'x'.repeat(5000), scope })
  expect(challenge).toBe(`Bearer error_description="${'x'.repeat(1000)}", scope="${scope}"`)
})
