// RFC 9101 §10.5, RFC 9126 §6 and RFC 9396 §10: what clients register about their authorization requests
import {
  dynamicRegistration,
  pushedRequests,
  registered,
  requestObjects,
} from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, ClientOptions } from '@gatewright/authorization-server'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyPair } from '../support/assertions.ts'
import type { KeyPair } from '../support/assertions.ts'
import { createBrowser } from '../support/browser.ts'
import { asking, pay, payment } from '../support/details.ts'
import { authorize as authorizeDocument } from '../support/document-flow.ts'
import { documentOf, documentServer, documentUrl } from '../support/document-host.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { authorize, authorizeUrl } from '../support/flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import { carrying, objectServer, pushObject, signRequest } from '../support/request-object.ts'
import { testServer } from '../support/test-server.ts'

let key: KeyPair
beforeAll(async () => {
  key = await keyPair('k1')
})

const all = { requestSources: [pushedRequests(), requestObjects()], authorizationDetails: [payment] }
const registering = (overrides: Partial<AuthorizationServerOptions> = all) =>
  testServer({ clients: [dynamicRegistration({ mode: 'open' })], ...overrides })

describe('PA-08 request_object_signing_alg', () => {
  it('is the only algorithm that the request objects of the client may have', async () => {
    const redirect_uris = ['http://127.0.0.1:*/callback']
    const rsa = await keyPair('k2', 'RS256')
    const client: ClientOptions = {
      client_id: 'claude-desktop-mcp',
      redirect_uris,
      token_endpoint_auth_method: 'none',
      jwks: { keys: [key.jwk, rsa.jwk] },
      request_object_signing_alg: 'ES256',
    }
    const test = objectServer(key, {}, { clients: [registered(client)] })
    const good = await signRequest(key, test)
    expect((await pushObject(test, carrying(good.request))).status).toBe(201)
    const other = await signRequest(rsa, test)
    expect(await pushObject(test, carrying(other.request))).toMatchObject({
      error: 'invalid_request_object',
      message: 'the algorithm is not accepted: RS256',
    })
    const free = { ...client, request_object_signing_alg: undefined as never }
    const either = objectServer(key, {}, { clients: [registered(free)] })
    expect((await pushObject(either, carrying((await signRequest(rsa, either)).request))).status).toBe(201)
  })

  it.each(['none', 'HS256', 'RS1', 'ES256K'])('cannot be %s', async (algorithm) => {
    const demand = { request_object_signing_alg: algorithm }
    const redirect_uris = ['https://app.example.com/cb']
    const client = { client_id: 'app', redirect_uris, jwks: { keys: [key.jwk] }, ...demand }
    expect(() => testServer({ ...all, clients: [registered(client)] })).toThrow(
      'request_object_signing_alg must be one of ES256, RS256',
    )
    const { status, json } = await register(registering(), { ...nativeClient, ...demand })
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata'])
  })
})

describe('a client that registers itself', () => {
  it('is held to what it says about its requests', async () => {
    const test = registering()
    const says = {
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
      request_object_signing_alg: 'ES256',
      authorization_details_types: ['payment'],
    }
    const body = { ...nativeClient, redirect_uris: ['http://127.0.0.1/callback'], jwks: { keys: [key.jwk] } }
    const { status, json } = await register(test, { ...body, ...says })
    expect([status, json]).toMatchObject([201, says])
    const browser = createBrowser(test.server)
    const target = { client_id: json.client_id, redirect_uri: 'http://127.0.0.1:51004/callback' }
    expectRedirectError(await authorize(browser, target), 'invalid_request', { to: target.redirect_uri })
    const onlySigned = await register(test, { ...body, require_signed_request_object: true })
    const claims = { ...target, client_id: onlySigned.json.client_id }
    const { request } = await signRequest(key, test, { claims })
    const signed = await browser.send(authorizeUrl(carrying(request, { client_id: claims.client_id })))
    expectForm(signed, 'login')
  })

  it.each([
    ['require_signed_request_object without keys', { require_signed_request_object: true }, all],
    ['require_signed_request_object', { require_signed_request_object: true, jwks: 'keys' }, {}],
    ['require_pushed_authorization_requests', { require_pushed_authorization_requests: true }, {}],
    ['a demand that is no flag', { require_pushed_authorization_requests: 'yes' }, all],
    ['types that are no list', { authorization_details_types: 'payment' }, all],
  ])('is refused with %s where nothing can hold it to that', async (_name, demand, overrides) => {
    const sent = 'jwks' in demand ? { ...demand, jwks: { keys: [key.jwk] } } : demand
    const { status, json } = await register(registering(overrides), { ...nativeClient, ...sent })
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata'])
  })

  it('keeps the types of authorization details that the server has, and may ask for no others', async () => {
    const test = registering({ authorizationDetails: [payment, { ...payment, name: 'transfer' }] })
    const types = { authorization_details_types: ['transfer', 'unheard-of'] }
    const { json } = await register(test, { ...nativeClient, ...types })
    expect(json['authorization_details_types']).toEqual(['transfer'])
    const asks = { client_id: json.client_id, ...asking(pay(1, 'Acme')) }
    expectRedirectError(await authorize(createBrowser(test.server), asks), 'invalid_authorization_details')
    const other = { ...asks, ...asking(pay(1, 'Acme', { type: 'transfer' })) }
    expectForm(await authorize(createBrowser(test.server), other), 'login')
  })

  it('may name an algorithm where there are no request objects: it means nothing there', async () => {
    const { status, json } = await register(registering({}), {
      ...nativeClient,
      request_object_signing_alg: 'RS256',
    })
    expect([status, json['request_object_signing_alg']]).toEqual([201, undefined])
  })
})

describe('a client with a metadata document', () => {
  it('is held to what the document says', async () => {
    const test = documentServer({}, all)
    const says = { require_signed_request_object: true, jwks: { keys: [key.jwk] } }
    test.host.serve(documentUrl, documentOf(documentUrl, says))
    expectRedirectError(await authorizeDocument(test), 'invalid_request')
  })

  it('is refused with a demand that nothing can hold it to', async () => {
    const test = documentServer()
    test.host.serve(documentUrl, documentOf(documentUrl, { require_pushed_authorization_requests: true }))
    expectLocalErrorPage(await authorizeDocument(test))
  })
})
