// RFC 7591 §2.3: https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3
import { dynamicRegistration, softwareStatements } from '@gatewright/authorization-server'
import type { DynamicRegistrationOptions } from '@gatewright/authorization-server'
import { SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyPair } from '../support/assertions.ts'
import type { KeyPair } from '../support/assertions.ts'
import { nativeClient, register } from '../support/registration.ts'
import { issuer, testServer } from '../support/test-server.ts'

const vendor = 'https://vendor.example'
let key: KeyPair
let other: KeyPair
beforeAll(async () => {
  key = await keyPair('k1')
  other = await keyPair('k1')
})

const statementServer = (options: Partial<DynamicRegistrationOptions> = {}) => {
  const statements = softwareStatements({ issuer: vendor, jwks: { keys: [key.jwk] } })
  return testServer({ clients: [dynamicRegistration({ mode: 'statement', statements, ...options })] })
}
const state = (claims: object = {}, { privateKey, jwk } = key) =>
  new SignJWT({
    iss: vendor,
    client_name: 'The real app',
    redirect_uris: ['https://app.vendor.example/cb'],
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
    .sign(privateKey)

describe('a software statement', () => {
  it('stands above what the client says, and comes back as it was', async () => {
    const software_statement = await state()
    const says = { client_name: 'Something else', software_version: '2', software_statement }
    const { status, json } = await register(statementServer(), { ...nativeClient, ...says })
    expect([status, json]).toMatchObject([
      201,
      {
        client_name: 'The real app',
        redirect_uris: ['https://app.vendor.example/cb'],
        software_version: '2',
        software_statement,
      },
    ])
    expect(json).not.toHaveProperty('iss')
  })

  it('says nothing about the id and the secret of the client', async () => {
    const software_statement = await state({ client_id: 'claude', client_secret: 'known' })
    const { json } = await register(statementServer(), { ...nativeClient, software_statement })
    expect(json.client_id).not.toBe('claude')
    expect(json).not.toHaveProperty('client_secret')
  })

  it('is checked like a registration: what is not safe is refused, whoever signed it', async () => {
    const software_statement = await state({ redirect_uris: ['javascript:alert(1)'] })
    const { json } = await register(statementServer(), { ...nativeClient, software_statement })
    expect(json.error).toBe('invalid_redirect_uri')
  })

  it.each<[string, () => unknown, string]>([
    ['none', () => undefined, 'invalid_software_statement'],
    ['one of another issuer', () => state({ iss: 'https://other.example' }), 'unapproved_software_statement'],
    ['one of no issuer', () => state({ iss: undefined }), 'unapproved_software_statement'],
    ['one that another key signed', () => state({}, other), 'invalid_software_statement'],
    [
      'one without a signature',
      () => new UnsecuredJWT({ iss: vendor }).encode(),
      'invalid_software_statement',
    ],
    ['one that is over', () => state({ exp: 1 }), 'invalid_software_statement'],
    ['one for another server', () => state({ aud: 'https://other.example' }), 'invalid_software_statement'],
    ['no JWT', () => 'statement', 'invalid_software_statement'],
    ['no text', () => 7, 'invalid_software_statement'],
    ['one that is too long', () => state({ x: 'x'.repeat(16_384) }), 'invalid_software_statement'],
  ])('CR-19 registers nobody where it is %s', async (_what, make, error) => {
    const body = { ...nativeClient, software_statement: await make() }
    const { status, json } = await register(statementServer(), body)
    expect([status, json.error]).toEqual([400, error])
  })

  it('may be for this server alone', async () => {
    const software_statement = await state({ aud: issuer })
    expect((await register(statementServer(), { ...nativeClient, software_statement })).status).toBe(201)
  })

  it('may be left out where it is not demanded, and is refused where nobody is trusted', async () => {
    expect((await register(statementServer({ mode: 'open' }), nativeClient)).status).toBe(201)
    const nobody = statementServer({ mode: 'open', statements: undefined })
    const { json } = await register(nobody, { ...nativeClient, software_statement: await state() })
    expect(json.error).toBe('unapproved_software_statement')
  })

  it('needs issuers with public keys', () => {
    expect(() => dynamicRegistration({ mode: 'statement' })).toThrow('needs statements')
    const twice = { issuer: vendor, jwks: { keys: [key.jwk] } }
    for (const issuers of [
      [],
      [twice, twice],
      [{ issuer: '', jwks: { keys: [key.jwk] } }],
      [{ issuer: vendor, jwks: { keys: [] } }],
      [{ issuer: vendor, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }],
    ])
      expect(() => softwareStatements(...issuers)).toThrow(TypeError)
  })
})
