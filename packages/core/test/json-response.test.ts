// RFC 6749 §5.1: https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1
import { expect, test } from 'vitest'
import { jsonResponse } from '@gatewright/core'

test('a response is JSON that no cache keeps and no browser sniffs', async () => {
  const response = jsonResponse({ access_token: 'a' })
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(await response.json()).toEqual({ access_token: 'a' })
})

test('status and further headers are the caller’s', () => {
  const response = jsonResponse({}, 401, { 'www-authenticate': 'Bearer' })
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
})

test('a header of the caller replaces the usual one, in whatever case it is written', () => {
  const response = jsonResponse({}, 200, {
    'Cache-Control': 'public, max-age=60',
    'Content-Type': 'application/jwk-set+json',
  })
  expect(response.headers.get('cache-control')).toBe('public, max-age=60')
  expect(response.headers.get('content-type')).toBe('application/jwk-set+json')
})
