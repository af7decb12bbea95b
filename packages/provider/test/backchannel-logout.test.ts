// OpenID Connect Back-Channel Logout 1.0 §2.6: https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation
import { backchannelLogout, oidcProvider } from '@gatewright/provider'
import type { UpstreamLogout } from '@gatewright/provider'
import { createMemoryStorage, createReplayStore } from '@gatewright/storage'
import { createTestClock } from '@gatewright/testkit'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'

const issuer = 'https://sso.example.com'
const url = 'https://auth.example.com/logout/sso'
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const { publicKey, privateKey } = await generateKeyPair('ES256')
const other = await generateKeyPair('ES256')
const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }]

function start() {
  const clock = createTestClock(Date.now())
  const fetched: string[] = []
  const ended: UpstreamLogout[] = []
  const provider = oidcProvider({
    id: 'sso',
    issuer,
    clientId: 'gatewright',
    clientSecret: 'secret',
    runtime: { now: clock.now, randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)) },
    fetch: async (input) => {
      const target = String(input instanceof Request ? input.url : input)
      fetched.push(target)
      return target.endsWith('/jwks')
        ? Response.json({ keys })
        : Response.json({
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/jwks`,
          })
    },
  })
  const handler = backchannelLogout({
    provider,
    url,
    replays: createReplayStore(createMemoryStorage()),
    onLogout: async (logout) => void ended.push(logout),
    runtime: { now: clock.now },
  })
  const seconds = Math.floor(clock.now() / 1000)
  const claims = { iss: issuer, aud: 'gatewright', sub: 'alice', sid: 's1', jti: 'j1', events }
  const complete = { ...claims, iat: seconds, exp: seconds + 120 }
  const mint = (more: object = {}, header: object = {}, key = privateKey) =>
    new SignJWT({ ...complete, ...more })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'logout+jwt', ...header })
      .sign(key)
  const send = async (token: string, init: RequestInit = {}) => {
    const body = new URLSearchParams({ logout_token: token })
    return (await handler.handle(new Request(url, { method: 'POST', body, ...init })))?.status
  }
  return { clock, complete, ended, fetched, handler, mint, seconds, send }
}

describe('a logout at the provider', () => {
  it('is told once, with who it was', async () => {
    const { ended, mint, send } = start()
    expect(await send(await mint())).toBe(200)
    expect(ended).toEqual([
      { provider: 'sso', issuer, subject: 'alice', sid: 's1', jti: 'j1', expiresAt: expect.any(Number) },
    ])
  })

  it.each([
    ['a nonce', { nonce: 'n' }, {}],
    ['a nonce that is empty', { nonce: '' }, {}],
    ['the type of an ID token', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
    ['another audience', { aud: 'another' }, {}],
    ['another issuer', { iss: 'https://evil.example' }, {}],
    ['no events', { events: undefined }, {}],
    ['another event', { events: { 'https://example.com/other': {} } }, {}],
    ['an event that is no object', { events: { [Object.keys(events)[0] ?? '']: true } }, {}],
    ['events in a list', { events: Object.keys(events) }, {}],
    ['no id', { jti: undefined }, {}],
    ['neither user nor session', { sub: undefined, sid: undefined }, {}],
    ['no time', { iat: undefined }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['an invented key id', {}, { kid: 'k2' }],
  ])('LO-07 a token with %s gets 400, and the session is kept', async (_what, claims, header) => {
    const { ended, mint, send } = start()
    expect(await send(await mint(claims, header))).toBe(400)
    expect(ended).toEqual([])
  })

  it('LO-07 an old or future iat, a past exp, alg none and a foreign key get 400', async () => {
    const { complete, ended, mint, seconds, send } = start()
    for (const token of [
      await mint({ iat: seconds - 600, exp: seconds + 600 }),
      await mint({ iat: seconds + 600, exp: seconds + 700 }),
      await mint({ exp: seconds - 61 }),
      new UnsecuredJWT(complete).encode(),
      await mint({}, {}, other.privateKey),
      'no token',
    ])
      expect(await send(token)).toBe(400)
    expect(ended).toEqual([])
  })

  it('LO-07 a replayed token gets 400, also when both arrive together and until it has become too old', async () => {
    const { clock, ended, mint, send } = start()
    const token = await mint({ exp: Math.floor(clock.now() / 1000) + 86_400 })
    expect(new Set(await Promise.all([send(token), send(token)]))).toEqual(new Set([200, 400]))
    for (let step = 0; step < 20; step++) {
      clock.advance(10)
      expect(await send(token)).toBe(400)
    }
    expect(ended).toHaveLength(1)
  })

  it('invented key ids do not turn into requests to the provider', async () => {
    const { fetched, mint, send } = start()
    for (let count = 0; count < 20; count++) await send(await mint({}, { kid: `invented-${count}` }))
    expect(fetched.filter((target) => target.endsWith('/jwks'))).toHaveLength(1)
  })

  it('is taken from a form and from nowhere else', async () => {
    const { ended, handler, mint, send } = start()
    const token = await mint()
    expect(await send(token, { body: JSON.stringify({ logout_token: token }) })).toBe(400)
    const twice = new URLSearchParams([
      ['logout_token', token],
      ['logout_token', token],
    ])
    expect(await send(token, { body: twice })).toBe(400)
    expect((await handler.handle(new Request(`${url}?logout_token=${token}`)))?.status).toBe(405)
    expect(await handler.handle(new Request(`${url}/more`))).toBeUndefined()
    expect(ended).toEqual([])
  })
})
