import { expect, test } from 'vitest'
import type { NodeRequest } from '../src/index.ts'
import { isCanonical, parseRequestTarget, requestTarget } from '../src/request-target.ts'

test.each([
  ['/', '/'],
  ['/token?a=1&b=/x?y', '/token?a=1&b=/x?y'],
  ['//evil.example/token', '//evil.example/token'],
  ['/@evil.example', '/@evil.example'],
  ['/?a=\\', '/?a=\\'],
  ['http://evil.example', '/'],
  ['HTTPS://user@evil.example:8080/token?x', '/token?x'],
  ['http://evil.example?x', '/?x'],
  ['http:///token', '/token'],
  ['http:////token', '//token'],
])('of %s the path and query are %s', (target, path) => {
  expect(parseRequestTarget(target)).toBe(path)
  expect(new URL(`https://gateway.example${path}`).origin).toBe('https://gateway.example')
})

test.each([
  '',
  '*',
  '@evil.example/token',
  '.evil.example/token',
  ':8080/token',
  'evil.example:443',
  'token',
  '?x',
  'ftp://evil.example/token',
  'http:/token',
  '/\\evil.example',
  '/a/..\\token',
  'http://evil.example\\token',
  '/token#x',
  '/token?x#y',
  '/to\tken',
  '/token ',
  '/token\u0000',
  '/token\u007f',
])('of %o no URL is made', (target) => {
  expect(parseRequestTarget(target)).toBeUndefined()
})

const request = (fields: object) => fields as NodeRequest

test('a prefix that a framework removed is put back', () => {
  expect(requestTarget(request({ url: '/', baseUrl: '/mcp', originalUrl: '/mcp?x' }))).toBe('/mcp?x')
  expect(requestTarget(request({ url: '/token', originalUrl: '/auth/token' }))).toBe('/auth/token')
})

test('a URL that was rewritten where nothing is mounted counts as rewritten', () => {
  expect(requestTarget(request({ url: '/auth/token', baseUrl: '', originalUrl: '/token' }))).toBe(
    '/auth/token',
  )
  expect(requestTarget(request({ url: '/token' }))).toBe('/token')
})

test('what is taken for canonical is what a URL parser leaves as it is', () => {
  const characters = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code))
  const pieces = ['', '.', '..', '...', '.a', 'a', '%2e', '%2E.', '/', '//', '?', '?.', '?%2e', '?/../']
  const texts = [...characters, ...pieces]
  const targets = texts.flatMap((text) => pieces.flatMap((piece) => [`/${text}${piece}`, `/${piece}${text}`]))
  const origin = 'https://gateway.example'
  for (const target of targets.filter(isCanonical))
    expect(new URL(origin + target).href).toBe(origin + target)
  expect(['/', '/token', '/.well-known/x', '/authorize?a=%20b&c=d'].every(isCanonical)).toBe(true)
})
