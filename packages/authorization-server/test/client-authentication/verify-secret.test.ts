import { describe, expect, it } from 'vitest'
import { sha256Base64url } from '@gatewright/core'
import type { Client } from '@gatewright/authorization-server'
import { verifySecret } from '../../src/client-authentication/verify-secret.ts'

async function clientWith(...secrets: string[]): Promise<Client> {
  return {
    client_id: 'web',
    redirect_uris: [],
    grant_types: [],
    application_type: 'web',
    authenticationMethods: ['client_secret_basic'],
    secretHashes: await Promise.all(secrets.map((secret) => sha256Base64url(secret))),
    verified: true,
    pkce: 'required',
    consent: 'always',
  }
}

describe('verifySecret', () => {
  it('CA-11 secrets of any length are compared without an exception', async () => {
    const client = await clientWith('secret')
    for (const presented of ['', 's', 'secret ', 'Secret', 'x'.repeat(100_000), '\ud800'])
      expect(await verifySecret(client, presented, 0)).toBe(false)
    expect(await verifySecret(client, 'secret', 0)).toBe(true)
  })

  it('CA-13 each of several secrets counts, wherever it stands', async () => {
    const client = await clientWith('one', 'two', 'three')
    for (const presented of ['one', 'two', 'three'])
      expect(await verifySecret(client, presented, 0)).toBe(true)
  })

  it('a client without a secret has none that fits', async () => {
    const client = await clientWith()
    for (const presented of [undefined, '', 'undefined'])
      expect(await verifySecret(client, presented, 0)).toBe(false)
  })

  it('CA-12 the last moment of a secret is the one before it expires', async () => {
    const client = { ...(await clientWith('secret')), secretsExpireAt: 1000 }
    expect(await verifySecret(client, 'secret', 999)).toBe(true)
    expect(await verifySecret(client, 'secret', 1000)).toBe(false)
  })
})
