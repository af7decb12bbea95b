// A provider that is slow, huge, elsewhere, or inside
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { customProvider, oidcProvider } from '@gatewright/provider'
import { callback, connectCustom, connectOidc, logIn } from './support/connect.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const credentials = { id: 'up', clientId: 'client', clientSecret: 'client-secret' }

describe('a provider that sends too much', () => {
  it('UP-18 is cut off near a mebibyte', async () => {
    let sent = 0
    const origin = await listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const chunk = Buffer.alloc(64 * 1024, 0x20)
      const more = (): void => {
        for (let round = 0; round < 16 && !response.destroyed && sent < 200 * 1024 * 1024; round++) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', more)
        }
        if (!response.destroyed) setImmediate(more)
      }
      more()
    })
    const provider = oidcProvider({ ...credentials, issuer: origin, reach: 'loopback' })
    await expect(provider.prepare()).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    // What the kernel took on the way is not more than a few mebibytes.
    expect(sent).toBeLessThan(24 * 1024 * 1024)
  })

  it('UP-18 at the token and userinfo endpoints, too', async () => {
    const huge = () => new Response(`{"sub":"up-alice","x":"${'x'.repeat(1024 * 1024)}"}`)
    for (const behavior of [{ token: huge }, { userinfo: huge }]) {
      const connection = connectCustom()
      connection.up.behave(behavior)
      await expect(logIn(connection)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    }
  })
})

describe('a provider that never answers', () => {
  it('is given up after ten seconds, also in the middle of an answer', { timeout: 20_000 }, async () => {
    const origins = await Promise.all([
      listen(() => undefined),
      listen((_request, response) => void response.writeHead(200).write('{')),
    ])
    const started = performance.now()
    for (const result of await Promise.allSettled(
      origins.map((issuer) => oidcProvider({ ...credentials, issuer, reach: 'loopback' }).prepare()),
    ))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'temporarily_unavailable' } })
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})

describe('a provider that sends elsewhere', () => {
  it('is not followed', async () => {
    for (const behavior of [
      { token: () => Response.redirect('https://evil.example/token', 307) },
      { userinfo: () => Response.redirect('https://evil.example/me', 302) },
    ]) {
      const connection = connectCustom()
      connection.up.behave(behavior)
      await expect(logIn(connection)).rejects.toMatchObject({ code: 'server_error' })
      expect(connection.up.requests.every(({ url }) => url.host === 'up.example.net')).toBe(true)
    }
  })
})

describe('a provider that is inside', () => {
  const inside = [
    'http://127.0.0.1:1',
    'https://127.0.0.1:1',
    'https://localhost:1',
    'https://10.0.0.1',
    'https://169.254.169.254',
    'https://[::1]:1',
    'https://[fd00::1]',
    'https://192.168.0.1',
    'https://intranet',
    'http://up.example.net',
  ]
  it.each(inside)('UP-24 %s is refused unless the operator says that it is meant', async (origin) => {
    await expect(oidcProvider({ ...credentials, issuer: origin }).prepare()).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      cause: { message: expect.stringContaining('refused') },
    })
    const custom = customProvider({
      ...credentials,
      authorizationUrl: 'https://up.example.net/authorize',
      tokenUrl: `${origin}/token`,
      userinfoUrl: 'https://up.example.net/userinfo',
    })
    const { pending } = await custom.start({ redirectUri: callback })
    const back = new URLSearchParams({ code: 'x', state: pending.state })
    await expect(custom.finish(back, pending)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('refused') },
    })
  })

  it('UP-24 an endpoint that discovery puts inside is refused, too', async () => {
    for (const name of ['token_endpoint', 'userinfo_endpoint', 'jwks_uri']) {
      const connection = connectOidc()
      connection.up.behave({
        discovery: (document) => ({ ...document, [name]: 'https://169.254.169.254/latest' }),
      })
      await expect(logIn(connection), name).rejects.toThrow()
      expect(
        connection.up.requests.some(({ url }) => url.hostname.startsWith('169')),
        name,
      ).toBe(false)
    }
  })

  it('is reached where the operator says so', async () => {
    const origin = await listen((request, response) => {
      const issuer = `http://${request.headers.host}`
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          issuer,
          authorization_endpoint: `${issuer}/a`,
          token_endpoint: `${issuer}/t`,
          jwks_uri: `${issuer}/j`,
        }),
      )
    })
    await oidcProvider({ ...credentials, issuer: origin, reach: 'loopback' }).prepare()
    await oidcProvider({ ...credentials, issuer: origin, reach: 'any' }).prepare()
  })
})

describe('a logo', () => {
  const image = () => new Response('<svg/>', { headers: { 'content-type': 'image/svg+xml' } })
  it('P12 is fetched once, here, and inlined', async () => {
    let asked = 0
    const send: typeof fetch = async () => (asked++, image())
    const { provider } = connectCustom({ logoUri: 'https://up.example.net/favicon.svg', fetch: send })
    const logos = await Promise.all([provider.logo?.(), provider.logo?.(), provider.logo?.()])
    expect(new Set(logos)).toEqual(new Set([`data:image/svg+xml;base64,${btoa('<svg/>')}`]))
    expect(asked).toBe(1)
  })

  it('P12 that is none, is too big or cannot be had is left out, and tried again later', async () => {
    for (const answer of [
      async () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
      async () => new Response('x'.repeat(70_000), { headers: { 'content-type': 'image/png' } }),
      async () => new Response('', { status: 404 }),
      () => Promise.reject(new Error('down')),
    ]) {
      let working = false
      const send: typeof fetch = () => (working ? Promise.resolve(image()) : answer())
      const { provider, clock } = connectCustom({
        logoUri: 'https://up.example.net/favicon.svg',
        fetch: send,
      })
      expect(await provider.logo?.()).toBeUndefined()
      working = true
      expect(await provider.logo?.()).toBeUndefined()
      clock.advance(301)
      expect(await provider.logo?.()).toMatch(/^data:image/)
    }
  })
})
