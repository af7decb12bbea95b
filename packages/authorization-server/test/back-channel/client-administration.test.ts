// What administrators do about clients while the server runs
import { dynamicRegistration, registrationManagement, registered } from '@gatewright/authorization-server'
import { createMemoryStorage } from '@gatewright/storage'
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { approve, authorize, isActive, logIn, post, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { nativeClient, register } from '../support/registration.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { issuer, mcp, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens, obtainWebCode, redeemWeb, webCallback } from '../support/tokens.ts'

const day = 86_400
const administered = { administerRegistered: true }

/** Whether a client is who it says, by this secret: a made-up code is refused only after that. */
async function knows(test: TestServer, clientId: string, secret: string): Promise<boolean> {
  const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: webCallback }
  const { json } = await post(test, '/token', form, { basic: `${clientId}:${secret}` })
  expect(['invalid_client', 'invalid_grant', 'invalid_request']).toContain(json.error)
  return json.error !== 'invalid_client'
}

describe('a client that is disabled', () => {
  it('is refused everywhere at once, and so is every token that it had', async () => {
    for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
      const test = testServer({ ...administered, accessTokenFormat })
      const { accessToken, refreshToken } = await obtainTokens(test)
      const other = await obtainTokens(test, { client_id: 'pub' })
      const code = await obtainWebCode(test)
      expect(await test.server.clients.disable('claude-desktop-mcp')).toBe(true)
      expect(await test.server.clients.disable('web')).toBe(true)
      expect(await test.server.introspect(accessToken ?? '')).toBeUndefined()
      expect((await refresh(test, refreshToken)).json.error).toBe('invalid_client')
      expect((await redeemWeb(test, code)).json.error).toBe('invalid_client')
      expect((await authorize(createBrowser(test.server))).response.status).toBe(400)
      expect(await test.server.introspect(other.accessToken ?? '')).toBeDefined()
      expect(await test.server.grants.list({ clientId: 'claude-desktop-mcp' })).toEqual([])
      expect(eventsOf(test, 'client.disabled').map(({ clientId }) => clientId)).toEqual([
        'claude-desktop-mcp',
        'web',
      ])
      expect(eventsOf(test, 'grant.revoked').map(({ reason }) => reason)).toContain('client_disabled')
    }
  })

  it('gets nothing from a user who was looking at the consent page', async () => {
    const test = testServer(administered)
    const browser = createBrowser(test.server)
    const consent = await logIn(browser, (await authorize(browser)).body)
    await test.server.clients.disable('claude-desktop-mcp')
    const { response, location } = await approve(browser, consent.body)
    expect([response.status, location]).toEqual([400, undefined])
    expect(await test.server.grants.list({ subject: 'alice' })).toEqual([])
  })

  it('cannot use a token that it got for itself', async () => {
    const test = serviceServer(administered)
    const form = { grant_type: 'client_credentials', resource: mcp }
    const { json } = await post(test, '/token', form, { basic: as('svc') })
    expect(await test.server.introspect(json.access_token ?? '')).toBeDefined()
    await test.server.clients.disable('svc')
    expect(await test.server.introspect(json.access_token ?? '')).toBeUndefined()
    expect((await post(test, '/token', form, { basic: as('svc') })).json.error).toBe('invalid_client')
  })

  it('is out in every process over the same storage, and stays out when it registers the same again', async () => {
    const storage = createMemoryStorage()
    const [one, other] = [testServer({ storage }), testServer({ storage })]
    const { json } = await register(one, nativeClient)
    const request = { client_id: json.client_id, redirect_uri: nativeClient.redirect_uris[0] }
    expect((await authorize(createBrowser(other.server), request)).response.status).toBe(200)
    await one.server.clients.disable(json.client_id)
    expect((await authorize(createBrowser(other.server), request)).response.status).toBe(400)
    expect((await register(other, nativeClient)).json.client_id).toBe(json.client_id)
    expect((await authorize(createBrowser(other.server), request)).response.status).toBe(400)
  })

  it('cannot help itself with its registration access token', async () => {
    const test = testServer({
      clients: [dynamicRegistration({ mode: 'open', management: registrationManagement() })],
    })
    const { json } = await register(test, nativeClient)
    const manage = async () => {
      const headers = { authorization: `Bearer ${String(json['registration_access_token'])}` }
      return (await test.server.handle(new Request(String(json['registration_client_uri']), { headers })))
        ?.status
    }
    expect(await manage()).toBe(200)
    await test.server.clients.disable(json.client_id)
    expect(await manage()).toBe(401)
  })

  it('can be let in again, without what it had', async () => {
    const test = testServer(administered)
    const { refreshToken } = await obtainTokens(test)
    const { clients } = test.server
    expect(await clients.enable('claude-desktop-mcp')).toBe(false)
    await clients.disable('claude-desktop-mcp')
    expect(await clients.enable('claude-desktop-mcp')).toBe(true)
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    expect(await isActive(test, (await obtainTokens(test)).accessToken)).toBe(true)
    expect(eventsOf(test, 'client.enabled')).toHaveLength(1)
  })

  it('ends what is left when it is disabled once more, after a failure between the two steps', async () => {
    const { storage, hooks } = hookedStorage()
    const test = testServer({ ...administered, storage })
    const { accessToken } = await obtainTokens(test)
    hooks.before = ({ kind, keys }) => {
      if (kind === 'commit' && keys.some(({ collection }) => collection === 'grants')) throw new Error('down')
    }
    await expect(test.server.clients.disable('claude-desktop-mcp')).rejects.toThrow('down')
    hooks.before = undefined
    expect(await test.server.clients.disable('claude-desktop-mcp')).toBe(true)
    expect(await test.server.introspect(accessToken ?? '')).toBeUndefined()
  })
})

describe('a secret that is rotated', () => {
  it('CA-13 at run time: both are good for the overlap and not a millisecond longer, then the new one alone', async () => {
    const test = testServer(administered)
    const rotated = await test.server.clients.rotateSecret('web', { overlap: day })
    const { clientSecret = '', othersUntil } = rotated ?? {}
    expect(clientSecret).toMatch(/^[\w-]{43}$/)
    expect(othersUntil).toBe(test.clock.now() + day * 1000)
    expect(await knows(test, 'web', 'web-secret')).toBe(true)
    expect(await knows(test, 'web', clientSecret)).toBe(true)
    expect(await knows(test, 'web', 'guess')).toBe(false)
    test.clock.advance(day - 0.001)
    expect(await knows(test, 'web', 'web-secret')).toBe(true)
    test.clock.advance(0.001)
    expect(await knows(test, 'web', 'web-secret')).toBe(false)
    expect(await knows(test, 'web', clientSecret)).toBe(true)
  })

  it('CA-13 because it leaked: without an overlap all before it end at once, those of an earlier overlap as well', async () => {
    const test = testServer()
    const { json } = await register(test, { redirect_uris: [webCallback] })
    const { client_id: id, client_secret: first = '' } = json
    const second = (await test.server.clients.rotateSecret(id, { overlap: day }))?.clientSecret ?? ''
    expect([await knows(test, id, first), await knows(test, id, second)]).toEqual([true, true])
    const third = (await test.server.clients.rotateSecret(id, { overlap: 0 }))?.clientSecret ?? ''
    const good = await Promise.all([first, second, third].map((secret) => knows(test, id, secret)))
    expect(good).toEqual([false, false, true])
  })

  it('CA-10 is kept as a hash alone, and is in no event', async () => {
    const { storage, calls } = hookedStorage()
    const test = testServer({ ...administered, storage })
    const secret = (await test.server.clients.rotateSecret('web', { overlap: 0 }))?.clientSecret ?? ''
    expect(JSON.stringify(calls)).toContain('client_overrides')
    expect(JSON.stringify([calls, test.events])).not.toContain(secret)
    expect(eventsOf(test, 'client.secret_rotated')).toMatchObject([{ clientId: 'web' }])
  })

  it('an overlap never makes a secret last longer than it would have', async () => {
    const test = testServer(administered)
    const { clients } = test.server
    await clients.rotateSecret('web', { overlap: 60 })
    await clients.rotateSecret('web', { overlap: day })
    test.clock.advance(60)
    expect(await knows(test, 'web', 'web-secret')).toBe(false)
  })

  it('of two at one moment both count', async () => {
    const test = testServer(administered)
    const rotate = () => test.server.clients.rotateSecret('web', { overlap: day })
    for (const { clientSecret } of (await Promise.all([rotate(), rotate()])).map(
      (made) => made ?? { clientSecret: '' },
    ))
      expect(await knows(test, 'web', clientSecret)).toBe(true)
  })

  it('survives that the client is disabled and enabled', async () => {
    const test = testServer(administered)
    const { clients } = test.server
    await clients.disable('web')
    const secret = (await clients.rotateSecret('web', { overlap: 0 }))?.clientSecret ?? ''
    expect(await knows(test, 'web', secret)).toBe(false)
    await clients.enable('web')
    expect([await knows(test, 'web', secret), await knows(test, 'web', 'web-secret')]).toEqual([true, false])
  })

  it('gives way to a list that names another secret afterwards', async () => {
    const list = (secret: string) => ({
      client_id: 'app',
      client_secret: secret,
      redirect_uris: [webCallback],
    })
    const clients = registered(list('first'))
    const test = testServer({ ...administered, clients: [clients] })
    const secret = (await test.server.clients.rotateSecret('app', { overlap: day }))?.clientSecret ?? ''
    clients.replace(list('first'))
    expect(await knows(test, 'app', secret)).toBe(true)
    clients.replace(list('another'))
    expect(await Promise.all(['another', 'first', secret].map((it) => knows(test, 'app', it)))).toEqual([
      true,
      false,
      false,
    ])
  })

  it('is what the client presents from then on to change its registration', async () => {
    const test = testServer({
      clients: [dynamicRegistration({ mode: 'open', management: registrationManagement() })],
    })
    const { json } = await register(test, { redirect_uris: [webCallback] })
    const { client_id, client_secret: before } = json
    const secret = (await test.server.clients.rotateSecret(client_id, { overlap: 0 }))?.clientSecret
    const put = async (client_secret: string | undefined) => {
      const body = JSON.stringify({ client_id, client_secret, redirect_uris: [webCallback] })
      const headers = {
        authorization: `Bearer ${String(json['registration_access_token'])}`,
        'content-type': 'application/json',
      }
      const request = new Request(`${issuer}/register?client_id=${client_id}`, {
        method: 'PUT',
        headers,
        body,
      })
      return (await test.server.handle(request))?.status
    }
    expect([await put(before), await put(secret)]).toEqual([400, 200])
    expect(await knows(test, client_id, secret ?? '')).toBe(true)
  })
})

describe('what cannot be done', () => {
  it('is said, with what to do instead', async () => {
    const { clients } = testServer().server
    for (const attempt of [clients.disable('web'), clients.rotateSecret('web', { overlap: 0 })])
      await expect(attempt).rejects.toThrow(/client "web" is registered by you: set administerRegistered, or/)
    const all = testServer(administered).server.clients
    await expect(all.rotateSecret('pub', { overlap: 0 })).rejects.toThrow(
      'client "pub" has no secret: it authenticates by none',
    )
    for (const overlap of [-1, Number.NaN, 7_776_001])
      await expect(all.rotateSecret('web', { overlap })).rejects.toThrow(
        'overlap must be a number of seconds',
      )
    expect(await all.disable('nobody')).toBe(false)
    expect(await all.enable('nobody')).toBe(false)
    expect(await all.rotateSecret('nobody', { overlap: 0 })).toBeUndefined()
  })

  it('does not cost a registered client a read of the storage, unless it is asked for', async () => {
    const reads = async (options: { readonly administerRegistered?: boolean }) => {
      const { storage, calls } = hookedStorage()
      const test = testServer({ ...options, storage })
      const code = await obtainWebCode(test)
      calls.length = 0
      await redeemWeb(test, code)
      return calls.filter(({ keys }) => keys.some(({ collection }) => collection === 'client_overrides'))
        .length
    }
    expect([await reads({}), await reads(administered)]).toEqual([0, 1])
  })
})
