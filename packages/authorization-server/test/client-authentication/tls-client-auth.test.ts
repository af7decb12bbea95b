// RFC 8705 §2: https://www.rfc-editor.org/rfc/rfc8705.html#section-2
import {
  clientCredentials,
  clientSecretBasic,
  dynamicRegistration,
  none,
  privateKeyJwt,
  registered,
  selfSignedTlsClientAuth,
  tlsClientAuth,
} from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, ClientOptions } from '@gatewright/authorization-server'
import { certificateThumbprint } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { namedCertificate, plainCertificate } from '../../../core/test/support/certificates.ts'
import { claimsOf, post } from '../support/flow.ts'
import type { Sender } from '../support/flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import { mcp, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

const service = { grant_types: ['client_credentials'], scopes: ['read:application'] }
const x5c = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '')
const certificateKey = (pem: string) => ({ kty: 'EC', x5c: [x5c(pem)] })
const methods = [none(), clientSecretBasic(), privateKeyJwt(), tlsClientAuth(), selfSignedTlsClientAuth()]

const tlsServer = (client: Partial<ClientOptions>, overrides: Partial<AuthorizationServerOptions> = {}) =>
  testServer({
    clients: [registered({ client_id: 'app', ...service, ...client })],
    grants: [clientCredentials()],
    clientAuthentication: methods,
    ...overrides,
  })
const ask = (test: TestServer, sender: Sender, more: Readonly<Record<string, string>> = {}) =>
  post(test, '/token', { grant_type: 'client_credentials', client_id: 'app', resource: mcp, ...more }, sender)
const shown = { certificate: namedCertificate, certificateVerified: true }

describe('tls_client_auth', () => {
  const method = { token_endpoint_auth_method: 'tls_client_auth' }
  const subject = String.raw`CN=reports,OU=Night\+Day,O=Acme\, Büro GmbH,C=DE`

  it.each<[keyof ClientOptions, string]>([
    ['tls_client_auth_subject_dn', subject],
    ['tls_client_auth_san_dns', 'Reports.example.com'],
    ['tls_client_auth_san_uri', 'https://reports.example.com/app'],
    ['tls_client_auth_san_email', 'reports@example.com'],
    ['tls_client_auth_san_ip', '192.0.2.7'],
    ['tls_client_auth_san_ip', '2001:0db8:0::7'],
  ])('lets a client in by %s, and by no other name', async (name, value) => {
    expect((await ask(tlsServer({ ...method, [name]: value }), shown)).status).toBe(200)
    const other = name === 'tls_client_auth_san_ip' ? '192.0.2.8' : `x${value}`
    const test = tlsServer({ ...method, [name]: other })
    const { status, json } = await ask(test, shown)
    expect([status, json.error]).toEqual([401, 'invalid_client'])
    const [event] = eventsOf(test, 'client.authentication_failed')
    expect(event?.message).toContain('the certificate is for CN=reports')
  })

  it('does not take a wildcard in the certificate for every name', async () => {
    const test = tlsServer({ ...method, tls_client_auth_san_dns: 'other.example.com' })
    expect((await ask(test, shown)).status).toBe(401)
  })

  it.each<[string, Sender]>([
    ['without a certificate', { certificateVerified: true }],
    ['with a certificate that did not verify', { ...shown, certificateVerified: false }],
    ['with one of which nobody knows', { certificate: namedCertificate }],
    ['with something else in its place', { certificate: 'certificate', certificateVerified: true }],
  ])('lets nobody in %s', async (_what, sender) => {
    const { status, json } = await ask(tlsServer({ ...method, tls_client_auth_subject_dn: subject }), sender)
    expect([status, json.error]).toEqual([401, 'invalid_client'])
  })

  it.each<[string, Partial<ClientOptions>, string]>([
    ['no name', {}, 'needs exactly one of tls_client_auth_subject_dn'],
    [
      'two names',
      { tls_client_auth_san_dns: 'a.example', tls_client_auth_san_uri: 'https://a.example' },
      'needs exactly one of',
    ],
    ['an empty name', { tls_client_auth_san_dns: '' }, 'is empty'],
    ['an address that is none', { tls_client_auth_san_ip: '010.0.0.1' }, 'must be an IP address'],
  ])('needs a client with one name: %s', (_what, names, message) => {
    expect(() => tlsServer({ ...method, ...names })).toThrow(message)
  })
})

describe('self_signed_tls_client_auth', () => {
  const method = { token_endpoint_auth_method: 'self_signed_tls_client_auth' }
  const keys = { jwks: { keys: [certificateKey(plainCertificate), certificateKey(namedCertificate)] } }

  it('lets a client in by a certificate that is registered, whoever signed it', async () => {
    const test = tlsServer({ ...method, ...keys })
    expect((await ask(test, { certificate: namedCertificate })).status).toBe(200)
    expect((await ask(test, { certificate: plainCertificate, certificateVerified: false })).status).toBe(200)
  })

  it.each<[string, Sender]>([
    ['another certificate with the same subject', { certificate: namedCertificate }],
    ['no certificate', {}],
    ['something else in its place', { certificate: 'certificate' }],
  ])('lets nobody in by %s', async (_what, sender) => {
    const test = tlsServer({ ...method, jwks: { keys: [certificateKey(plainCertificate)] } })
    expect((await ask(test, sender)).status).toBe(401)
  })

  it('takes the certificate of the key, not of who issued it', async () => {
    const chain = { kty: 'EC', x5c: [x5c(plainCertificate), x5c(namedCertificate)] }
    const test = tlsServer({ ...method, jwks: { keys: [chain] } })
    expect((await ask(test, { certificate: namedCertificate })).status).toBe(401)
  })

  it('needs a client with keys', () => {
    expect(() => tlsServer(method)).toThrow('self_signed_tls_client_auth needs jwks or jwks_uri')
  })

  it('may go with tokens that are bound to the certificate', async () => {
    const bound = { tls_client_certificate_bound_access_tokens: true }
    const test = tlsServer({ ...method, ...keys, ...bound }, { mutualTls: true })
    const { json } = await ask(test, { certificate: namedCertificate })
    expect(claimsOf(json.access_token)['cnf']).toEqual({
      'x5t#S256': await certificateThumbprint(namedCertificate),
    })
  })
})

describe('a certificate that comes along', () => {
  it('does not stand in for the method of the client', async () => {
    const test = tlsServer({ client_secret: 'a-secret' })
    expect((await ask(test, shown)).status).toBe(401)
    expect((await ask(test, { ...shown, basic: 'app:a-secret' })).status).toBe(200)
    expect((await ask(test, { ...shown, basic: 'app:wrong' })).status).toBe(401)
  })

  it('does not count for a client that presents something else', async () => {
    const method = {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'reports.example.com',
    }
    const test = tlsServer(method)
    expect((await ask(test, { ...shown, basic: 'app:a-secret' })).json.error).toBe('invalid_client')
    expect((await ask(test, shown, { client_secret: 'a-secret' })).json.error).toBe('invalid_client')
    expect((await ask(test, shown, { client_assertion: 'x' })).json.error).toBe('invalid_client')
  })

  it('leaves public clients as they are', async () => {
    const clients = [registered({ client_id: 'pub', redirect_uris: ['https://app.example.com/cb'] })]
    const test = testServer({ clients, clientAuthentication: methods })
    const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'pub' }
    expect((await post(test, '/token', form, shown)).json.error).toBe('invalid_grant')
  })
})

describe('registration and metadata', () => {
  const web = { ...nativeClient, redirect_uris: ['https://app.example.com/cb'] }
  const registering = (overrides: Partial<AuthorizationServerOptions> = {}) =>
    testServer({
      clients: [dynamicRegistration({ mode: 'open' })],
      clientAuthentication: methods,
      mutualTls: true,
      ...overrides,
    })

  it('know the methods and what belongs to them', async () => {
    const says = {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'reports.example.com',
      tls_client_certificate_bound_access_tokens: true,
    }
    const { status, json } = await register(registering(), { ...web, ...says })
    expect([status, json]).toMatchObject([201, says])
    expect(await registering().server.metadata()).toMatchObject({
      token_endpoint_auth_methods_supported: expect.arrayContaining([
        'tls_client_auth',
        'self_signed_tls_client_auth',
      ]),
    })
  })

  it.each([
    { token_endpoint_auth_method: 'tls_client_auth' },
    { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_ip: 'here' },
    { token_endpoint_auth_method: 'self_signed_tls_client_auth' },
  ])('refuse what cannot work: %j', async (says) => {
    const { status, json } = await register(registering(), { ...web, ...says })
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata'])
  })

  it('are refused with bound tokens where there are none', async () => {
    const wish = { tls_client_certificate_bound_access_tokens: true }
    const { status, json } = await register(registering({ mutualTls: false }), { ...web, ...wish })
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata'])
  })

  it('name the endpoints at the origin that asks for certificates, and no page', async () => {
    const test = registering({ mutualTls: { origin: 'https://mtls.example.com' } })
    const { mtls_endpoint_aliases: aliases } = await test.server.metadata()
    expect(aliases).toEqual({
      token_endpoint: 'https://mtls.example.com/token',
      revocation_endpoint: 'https://mtls.example.com/revoke',
      introspection_endpoint: 'https://mtls.example.com/introspect',
      userinfo_endpoint: 'https://mtls.example.com/userinfo',
    })
    expect(await registering().server.metadata()).not.toHaveProperty('mtls_endpoint_aliases')
    for (const origin of ['http://mtls.example.com', 'https://mtls.example.com/', 'mtls.example.com'])
      expect(() => registering({ mutualTls: { origin } })).toThrow('mutualTls.origin')
  })
})
