import { describe, expect, it } from 'vitest'
import { isEmailOfDomain, linkAccounts, readPath } from '@gatewright/provider'
import type { ClaimMapping } from '@gatewright/provider'
import type { Identity } from '@gatewright/core'
import { connectCustom, connectOidc, logIn } from './support/connect.ts'

/** The identity that comes of a userinfo document. */
async function identityOf(userinfo: Readonly<Record<string, unknown>>, mapping?: ClaimMapping) {
  const connection = connectCustom(mapping === undefined ? {} : { claims: mapping })
  connection.up.behave({ userinfo: () => Response.json(userinfo) })
  return (await logIn(connection)).identity
}

describe('claims', () => {
  it('P10 P11 the document’s shape is understood: name, preferred_username, email, picture, phone', async () => {
    const document = {
      name: 'admin',
      preferred_username: 'Admin',
      email: 'admin@example.com',
      picture: 'https://casbin.org/img/casbin.svg',
      phone: '+1234567890',
    }
    const { subject, claims } = await identityOf(document, { subject: 'name' })
    expect(subject).toBe('admin')
    const { phone, ...same } = document
    expect(claims).toEqual({ ...same, phone_number: phone })
    await expect(identityOf(document)).rejects.toThrow("name the claim with the user's id as claims.subject")
  })

  it('P10 dotted paths, fallbacks and functions, which nothing but a required claim makes fail', async () => {
    const document = { data: { uid: 'u-1', nick: '', handle: 'alice' }, attributes: { roles: ['a', 'b'] } }
    const mapping: ClaimMapping = {
      subject: 'data.uid',
      preferred_username: ['data.nick', 'data.handle'],
      groups: ({ attributes }) => (attributes as { roles: string[] }).roles.map((role) => `role:${role}`),
      first_role: 'attributes.roles.0',
      missing: 'data.none.at.all',
    }
    const { claims } = await identityOf(document, mapping)
    expect(claims).toEqual({ preferred_username: 'alice', groups: ['role:a', 'role:b'], first_role: 'a' })
    const strict = { ...mapping, email: { from: ['data.mail', 'mail'], required: true } }
    await expect(identityOf(document, strict)).rejects.toMatchObject({
      code: 'access_denied',
      message: expect.stringContaining('email'),
    })
  })

  it('P14 keeps everything that was said beside what was mapped', async () => {
    expect((await identityOf({ sub: 'a', title: 'CTO' })).raw).toEqual({ sub: 'a', title: 'CTO' })
  })

  it('takes texts for texts only, pictures for web addresses only, and verified for true only', async () => {
    const { claims } = await identityOf({
      sub: 'a',
      name: { toString: 'x' },
      email: ['a@example.com'],
      picture: 'javascript:alert(1)',
      email_verified: 'true',
      phone_number_verified: 1,
      locale: 7,
    })
    expect(claims).toEqual({})
  })

  it('an id is a text or a whole number, and nothing else', async () => {
    expect((await identityOf({ id: 583231 })).subject).toBe('583231')
    for (const sub of ['', null, 1.5, Number.MAX_VALUE, true, {}, [], 'x'.repeat(256)])
      await expect(identityOf({ sub }), JSON.stringify(sub)).rejects.toMatchObject({ code: 'server_error' })
  })

  it('that an address was verified counts for that address only', async () => {
    const connection = connectOidc()
    connection.up.behave({
      idToken: ({ header, claims }) => ({
        header,
        claims: { ...claims, email: 'alice@example.com', email_verified: true },
      }),
      userinfo: () => Response.json({ sub: 'up-alice', email: 'victim@example.com' }),
    })
    const { claims } = (await logIn(connection)).identity
    expect(claims).toEqual({ email: 'victim@example.com' })
  })
})

describe('UP-15 a path in hostile JSON', () => {
  const hostile = JSON.parse(
    '{"__proto__":{"x":"admin"},"constructor":{"name":"X"},"a":{"b":["c"]},"s":"text"}',
  ) as unknown
  it.each([
    '__proto__.x',
    '__proto__',
    'constructor.name',
    'a.constructor.name',
    'a.b[0]',
    'a.b.length',
    's.length',
    's.0',
    'toString',
    '',
    'a..b',
  ])('UP-15 %s leads nowhere', (path) => {
    expect(readPath(hostile, path)).toBeUndefined()
  })
  it('UP-15 a good path beside it still leads somewhere', () => {
    expect(readPath(hostile, 'a.b.0')).toBe('c')
  })
  it('UP-15 can set no trust flag', async () => {
    const connection = connectCustom({ claims: { admin: '__proto__.admin', id: 'constructor.name' } })
    connection.up.behave({
      userinfo: () => new Response('{"sub":"a","__proto__":{"admin":true,"email_verified":true}}'),
    })
    const { identity } = await logIn(connection)
    expect(identity.claims).toEqual({})
    expect(identity.claims.email_verified).toBeUndefined()
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
    for (const truthy of ['true', 'yes', 1, {}, ['true']]) {
      connection.up.behave({ userinfo: (said) => ({ ...said, email_verified: truthy }) })
      expect((await logIn(connection)).identity.claims, JSON.stringify(truthy)).not.toHaveProperty(
        'email_verified',
      )
    }
  })
})

describe('UP-14 a domain of e-mail addresses', () => {
  const refused = [
    'a@evil.com@example.com',
    'a@example.com.evil.com',
    'a@EXAMPLE.com ',
    'a@EXAMPLE.com',
    'a＠example.com',
    '"a@b"@example.com',
    'a@sub.example.com',
    '@example.com',
    'a@example.com\n',
    'a@exam\u0000ple.com',
    'a b@example.com',
    'a@ехample.com',
    `${'a'.repeat(250)}@example.com`,
    undefined,
    ['a@example.com'],
  ]
  it.each(refused)('UP-14 refuses %j', async (email) => {
    expect(isEmailOfDomain(email, 'example.com')).toBe(false)
    const connection = connectOidc({ emailDomains: ['example.com'] })
    connection.up.behave({ userinfo: () => Response.json({ sub: 'up-alice', email, email_verified: true }) })
    await expect(logIn(connection)).rejects.toMatchObject({ code: 'access_denied' })
  })
  it('UP-14 takes the plain form, and only when it is verified', async () => {
    const connection = connectOidc({ emailDomains: ['other.example', 'example.com'] })
    expect((await logIn(connection)).identity.claims.email).toBe('alice@example.com')
    for (const verified of [false, undefined, 'true', 1]) {
      connection.up.behave({ userinfo: (claims) => ({ ...claims, email_verified: verified }) })
      await expect(logIn(connection)).rejects.toMatchObject({ code: 'access_denied' })
    }
  })
})

describe('linkAccounts', () => {
  const identity: Identity = {
    provider: 'google',
    issuer: 'https://accounts.google.com',
    subject: '7',
    claims: { email: 'alice@example.com', email_verified: true },
    raw: {},
  }
  const tokens = { accessToken: 'x' }
  function store() {
    const known = new Map<string, string>()
    const onLogin = (change: Partial<Identity> = {}, providers = ['google'], emailVerified = true) =>
      linkAccounts({
        find: async (key) => known.get(key),
        async create(key) {
          known.set(key, `user-${known.size}`)
          return known.get(key)
        },
        byEmail: {
          providers,
          find: async (email) =>
            email === 'alice@example.com' ? { subject: 'local-alice', emailVerified } : undefined,
          link: async (subject, key) => void known.set(key, subject),
        },
      })({ ...identity, ...change }, tokens)
    return { known, onLogin }
  }

  it('P15 recognizes a user by provider, issuer and subject together', async () => {
    const { onLogin } = store()
    const claims = {}
    const first = await onLogin({ claims })
    expect(await onLogin({ claims: { email: 'other@example.com' } })).toBe(first)
    for (const change of [{ provider: 'b' }, { issuer: 'https://b.example' }, { subject: '8' }])
      expect(await onLogin({ claims, ...change })).not.toBe(first)
  })

  it('P15 no two identities share a key by the way they are written', async () => {
    const { onLogin } = store()
    const one = await onLogin({ provider: 'a', issuer: 'b","c', subject: 'd', claims: {} })
    expect(await onLogin({ provider: 'a', issuer: 'b', subject: 'c","d', claims: {} })).not.toBe(one)
  })

  it('UP-12 links by e-mail only when asked to, for that provider, and when both sides have verified the address', async () => {
    expect(await store().onLogin()).toBe('local-alice')
    expect(await store().onLogin({}, [])).toBe('user-0')
    expect(await store().onLogin({ provider: 'evil' })).toBe('user-0')
    expect(await store().onLogin({ claims: { email: 'alice@example.com' } })).toBe('user-0')
    expect(await store().onLogin({ claims: { email: 'alice@example.com', email_verified: 'true' } })).toBe(
      'user-0',
    )
  })

  it('UP-13 a local account whose address was never verified is not linked', async () => {
    expect(await store().onLogin({}, ['google'], false)).toBe('user-0')
  })
})
