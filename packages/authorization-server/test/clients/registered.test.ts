import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import type { ClientOptions } from '@gatewright/authorization-server'
import type { ServerContext } from '../../src/server-context.ts'

const https = 'https://app.example.com/cb'
const find = (options: ClientOptions) => registered(options).find(options.client_id, {} as ServerContext)

describe('registered clients', () => {
  it('are public without a secret, and take either way of sending one with it', async () => {
    expect(await find({ client_id: 'a', redirect_uris: [https] })).toMatchObject({
      authenticationMethods: ['none'],
      secretHashes: [],
      verified: true,
      pkce: 'required',
      consent: 'always',
      grant_types: ['authorization_code', 'refresh_token'],
    })
    expect(await find({ client_id: 'a', client_secret: 's', redirect_uris: [https] })).toMatchObject({
      authenticationMethods: ['client_secret_basic', 'client_secret_post'],
      application_type: 'web',
    })
  })

  it('CA-10 keep no secret in the clear', async () => {
    const client = await find({
      client_id: 'a',
      client_secret: ['one-secret', 'two-secret'],
      redirect_uris: [https],
    })
    expect(client?.secretHashes).toHaveLength(2)
    expect(JSON.stringify(client)).not.toMatch(/one-secret|two-secret/)
  })

  it('CA-29 no name of an object member is a client', async () => {
    const source = registered({ client_id: 'a', redirect_uris: [https] })
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'A'])
      expect(await source.find(name, {} as ServerContext)).toBeUndefined()
  })

  const base = { client_id: 'a', redirect_uris: [https] }
  it.each<[string, ClientOptions, RegExp]>([
    ['no id', { ...base, client_id: '' }, /client_id/],
    ['no redirect URI', { client_id: 'a' }, /redirect_uris is empty/],
    ['a dangerous redirect URI', { ...base, redirect_uris: ['javascript:alert(1)'] }, /javascript/],
    ['http off loopback', { ...base, redirect_uris: ['http://app.example.com/cb'] }, /redirect URI/],
    ['an empty secret', { ...base, client_secret: '' }, /client_secret is empty/],
    ['an empty secret beside another', { ...base, client_secret: ['s', ''] }, /client_secret is empty/],
    ['no secret in the list', { ...base, client_secret: [] }, /client_secret is empty/],
    [
      'a secret and no method for it',
      { ...base, client_secret: 's', token_endpoint_auth_method: 'none' },
      /contradict/,
    ],
    [
      'a method and no secret for it',
      { ...base, token_endpoint_auth_method: 'client_secret_post' },
      /needs a client_secret/,
    ],
    ['no PKCE for a public client', { ...base, pkce: 'nonce' }, /PKCE/],
    [
      'client_credentials for a public client',
      { ...base, grant_types: ['client_credentials'] },
      /client_credentials/,
    ],
    [
      'no consent on loopback',
      { ...base, redirect_uris: ['http://127.0.0.1/cb'], consent: 'never' },
      /consent/,
    ],
  ])('with %s are a TypeError that says so', (_what, options, message) => {
    expect(() => registered(options)).toThrow(TypeError)
    expect(() => registered(options)).toThrow(message)
  })

  it('twice under one id are a TypeError', () => {
    expect(() => registered(base, base)).toThrow(/twice/)
  })

  it('PV-02 a TypeError never repeats a secret', () => {
    const options = { ...base, client_secret: 'very-secret', token_endpoint_auth_method: 'none' }
    let message = ''
    try {
      registered(options)
    } catch (error) {
      message = String(error)
    }
    expect(message).toMatch(/^TypeError: client "a"/)
    expect(message).not.toContain('very-secret')
  })
})
