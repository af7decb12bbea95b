import { expect } from 'vitest'
import type { Landing } from './browser.ts'
import { redirectUri } from './flow.ts'
import { issuer } from './test-server.ts'

/** The headers of every page: nothing may frame, sniff, keep or refer to it. */
export function expectPageHeaders({ headers }: Response): void {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cache-control')).toBe('no-store')
}

/** An error page that stays here: no redirect of any kind, and no way on to another host. */
export function expectLocalErrorPage({ response, body, location }: Landing, status = 400): void {
  expect(location).toBeUndefined()
  expect(response.status).toBe(status)
  expect(response.headers.get('location')).toBeNull()
  expect(response.headers.get('refresh')).toBeNull()
  expectPageHeaders(response)
  expect(body).not.toMatch(/http-equiv|<script|<a |<form|<img|<iframe/i)
}

/** A refusal that the client is told at its redirect URI: the code of the error, `state` and `iss`, and no code. */
export function expectRedirectError(
  { response, location }: Landing,
  error: string,
  { to = redirectUri, state = 'state-1' }: { to?: string; state?: string | false } = {},
): void {
  expect(response.status).toBe(303)
  expect(location?.href.split('?')[0]).toBe(to.split('?')[0])
  expect(location?.hash).toBe('')
  expect(location?.searchParams.getAll('error')).toEqual([error])
  expect(location?.searchParams.getAll('iss')).toEqual([issuer])
  expect(location?.searchParams.getAll('state')).toEqual(state === false ? [] : [state])
  expect(location?.searchParams.has('code')).toBe(false)
  expect(response.headers.get('cache-control')).toBe('no-store')
}

/** The page with the given form. */
export function expectForm({ response, body, location }: Landing, id: 'login' | 'consent'): void {
  expect(location).toBeUndefined()
  expect(response.status).toBe(200)
  expect(body).toContain(`<form id="${id}"`)
}
