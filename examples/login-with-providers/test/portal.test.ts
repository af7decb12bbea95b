import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPortal } from '@gatewright-examples/login-with-providers'
import { readSettings } from '@gatewright-examples/login-with-providers/settings'
import { toNodeListener } from '@gatewright/node'
import { createFakeProvider } from '@gatewright/testkit'
import { getRequestListener } from '@hono/node-server'
import { Redis } from 'ioredis'

const noRedis =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not installed'
const closing: (() => unknown)[] = []

async function listen(listener: (origin: string) => RequestListener): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', listener(origin))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return origin
}

async function startRedis(): Promise<Redis> {
  const probe = createNetServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  const child = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('redis-server did not start')))
    child.stdout.on('data', (text: Buffer) => text.includes('Ready to accept') && resolve())
  })
  const redis = new Redis(port, '127.0.0.1')
  closing.push(
    () => redis.disconnect(),
    () => child.kill('SIGKILL'),
  )
  return redis
}

/** A browser that follows everything, at the portal and at the provider. */
function createBrowser(user = 'alice') {
  const cookies = new Map<string, Map<string, string>>()
  async function send(target: string, form?: URLSearchParams): Promise<{ url: string; page: string }> {
    let request = new Request(target, form === undefined ? {} : { method: 'POST', body: form })
    for (let step = 0; step < 20; step++) {
      const { origin } = new URL(request.url)
      const jar = cookies.get(origin) ?? new Map<string, string>()
      cookies.set(origin, jar)
      request.headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
      const response = await fetch(request, { redirect: 'manual' })
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
      }
      const location = response.headers.get('location')
      if (location === null) return { url: request.url, page: await response.text() }
      request = new Request(new URL(location, request.url))
      // At the provider the browser is signed in already.
      if (request.url.includes('/authorize?')) request = new Request(`${request.url}&login=${user}`)
    }
    throw new Error('too many redirects')
  }
  /** Presses a provider's button on the login page. */
  const choose = (page: string, provider: string) => press(page, 'providers', { provider })
  function press(page: string, form: string, fields: Readonly<Record<string, string>>) {
    const [, action = '', content = ''] =
      new RegExp(`<form id="${form}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page) ?? []
    const csrf = /name="csrf" value="([^"]*)"/.exec(content)?.[1] ?? ''
    return send(action.replaceAll('&amp;', '&'), new URLSearchParams({ csrf, ...fields }))
  }
  return { send, choose, press }
}

describe('login with providers', () => {
  if (noRedis !== undefined) {
    it.skip(noRedis, () => undefined)
    return
  }
  let portal = ''
  let redis: Redis
  const up = new Map<string, ReturnType<typeof createFakeProvider>>()

  beforeAll(async () => {
    redis = await startRedis()
    const providers: Record<string, string> = {}
    for (const prefix of ['CUSTOM', 'CUSTOM2', 'OIDC']) {
      const origin = await listen((issuer) => {
        const users = {
          alice: {
            sub: `${prefix}-alice`,
            name: `Alice of ${prefix}`,
            email: 'alice@example.com',
            phone: '+1234567890',
          },
          zoe: { sub: `${prefix}-zoe`, name: 'Zoe' },
        }
        const fake = createFakeProvider({ issuer, users })
        up.set(prefix, fake)
        return toNodeListener(fake)
      })
      Object.assign(providers, {
        [`${prefix}_NAME`]: `Provider ${prefix}`,
        [`${prefix}_CLIENT_ID`]: 'client',
        [`${prefix}_CLIENT_SECRET`]: 'client-secret',
        [`${prefix}_AUTH_URL`]: `${origin}/authorize?tenant=1`,
        [`${prefix}_TOKEN_URL`]: `${origin}/token`,
        [`${prefix}_USERINFO_URL`]: `${origin}/userinfo`,
        [`${prefix}_ISSUER`]: origin,
        [`${prefix}_REACH`]: 'loopback',
        [`${prefix}_LOGOUT_URL`]: `${origin}/logout`,
        [`${prefix}_REVOCATION_URL`]: `${origin}/revoke`,
        [`${prefix}_SINGLE_LOGOUT`]: prefix === 'CUSTOM' ? 'off' : 'on',
      })
    }
    portal = await listen((publicUrl) => {
      const settings = readSettings({
        ...providers,
        PUBLIC_URL: publicUrl,
        SECRET: 'a secret of the test, 32 characters',
      })
      const answer = getRequestListener(createPortal(settings, redis).app.fetch)
      return (incoming, outgoing) => void answer(incoming, outgoing)
    })
  })
  afterAll(() => closing.splice(0).forEach((close) => close()))

  it.each(['custom', 'custom2', 'oidc'])(
    'P02 signs in through %s and greets the user with what it told',
    async (id) => {
      const browser = createBrowser()
      const { page } = await browser.send(`${portal}/account`)
      for (const name of ['CUSTOM', 'CUSTOM2', 'OIDC']) expect(page).toContain(`Provider ${name}`)
      expect((await browser.choose(page, id)).url).toBe(`${portal}/account`)
      const home = await browser.send(portal)
      expect(home.page).toContain(`Alice of ${id.toUpperCase()}`)
      expect(home.page).toContain('+1234567890')
      expect(home.page).toContain(`Provider ${id.toUpperCase()}`)
    },
  )

  it('P15 keeps three users of one e-mail address apart, and knows each of them again', async () => {
    const count = async () => (await redis.keys('portal:user:*')).length
    expect(await count()).toBe(3)
    const browser = createBrowser()
    await browser.choose((await browser.send(`${portal}/account`)).page, 'custom')
    expect(await count()).toBe(3)
  })

  it('P16 keeps the upstream tokens where nobody can read them', async () => {
    const dump: string[] = []
    for (const key of await redis.keys('*'))
      if ((await redis.type(key)) === 'string') dump.push(key, (await redis.get(key)) ?? '')
    const tokens = up
      .get('CUSTOM')
      ?.requests.map(({ headers }) => headers.get('authorization')?.replace('Bearer ', ''))
    const token = tokens?.find((value) => value !== undefined && !value.startsWith('Basic'))
    expect(token).toBeTruthy()
    expect(dump.join('\n')).not.toContain(token)
  })

  it.each([
    ['custom', false],
    ['custom2', true],
    ['oidc', true],
  ])('P17 signs out of %s as it is configured, and gives its tokens back', async (id, there) => {
    const fake = up.get(id.toUpperCase())
    const asked = (path: string) => fake?.requests.filter(({ url }) => url.pathname === path) ?? []
    const browser = createBrowser('zoe')
    await browser.choose((await browser.send(`${portal}/account`)).page, id)
    const account = await browser.send(`${portal}/account`)
    const out = await browser.press(account.page, 'sign-out', { decision: 'sign-out' })
    expect(out.url).toBe(`${portal}/account`)
    expect(out.page).toContain('Continue with')
    expect(asked('/logout')).toHaveLength(there ? 1 : 0)
    if (there)
      expect(asked('/logout')[0]?.url.searchParams.get('post_logout_redirect_uri')).toBe(
        `${portal}/signed-out`,
      )
    await expect.poll(() => asked('/revoke')).toHaveLength(1)
  })

  it('greets nobody who is not signed in', async () => {
    expect((await createBrowser().send(portal)).page).toContain(
      'Sign in with an account that you have already',
    )
  })

  it('says what is missing', () => {
    expect(() => readSettings({})).toThrow('SECRET')
    const SECRET = 'a secret of the test, 32 characters'
    expect(() => readSettings({ SECRET, PORT: 'x' })).toThrow('PORT')
    expect(() => readSettings({ SECRET, CUSTOM_CLIENT_ID: 'a', CUSTOM_REACH: 'x' })).toThrow('CUSTOM_REACH')
  })
})
