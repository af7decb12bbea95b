import { describe, expect, it } from 'vitest'
import { readBrowserCookie, writeBrowserCookie } from '../../src/interaction/browser-cookie.ts'
import type { ServerContext } from '../../src/server-context.ts'

const server = { urls: { secure: true }, partitions: { issuer: 'HOGEh-C5v-_' } } as ServerContext
const value = 'v'.repeat(43)
const name = '__Host-gatewright-HOGEh-C5v-_'
const read = (cookie: string) =>
  readBrowserCookie(new Request('https://a.example', { headers: { cookie } }), server)

describe('the cookie of a browser', () => {
  it('is read by its exact name among others', () => {
    expect(read(`${name}=${value}`)).toBe(value)
    expect(read(`a=b; ${name}=${value}; c=d`)).toBe(value)
    expect(read(`a=b;${name}=${value}`)).toBe(value)
  })

  it('CO-07 is not read by a name that another host of the domain can set', () => {
    for (const other of [
      name.toLowerCase(),
      name.slice(7),
      `x${name}`,
      `${name}x`,
      ` ${name} `.trim().slice(0, -1),
    ])
      expect(read(`${other}=${value}`)).toBeUndefined()
  })

  it('CO-06 is not read when its value cannot be one of ours', () => {
    for (const wrong of [
      '',
      'x',
      value.slice(1),
      `${value}v`,
      `"${value.slice(2)}"`,
      `${value.slice(1)}%`,
      `${value}=x`,
    ])
      expect(read(`${name}=${wrong}`), wrong).toBeUndefined()
    expect(read(name)).toBeUndefined()
    expect(read('')).toBeUndefined()
  })

  it('CO-07 is written for this host, for no script, and over TLS only', () => {
    expect(writeBrowserCookie(value, server)).toBe(`${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Secure`)
  })
})
