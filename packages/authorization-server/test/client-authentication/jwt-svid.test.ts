// An authentication method that is written outside of the package, on its public names alone: SPIFFE JWT-SVIDs.
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import type { CryptoKey, JSONWebKeySet } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { clientCredentials, none, registered } from '@gatewright/authorization-server'
import type { ClientAuthenticationMethod } from '@gatewright/authorization-server'
import { post } from '../support/flow.ts'
import { issuer, mcp, testServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe'

/** Workloads of one trust domain authenticate by the documents that their SPIRE agent gives them. */
function spiffeJwt(
  bundle: JSONWebKeySet,
  workloads: ReadonlyMap<string, string>,
): ClientAuthenticationMethod {
  const keys = createLocalJWKSet(bundle)
  return {
    name: 'spiffe_jwt',
    detect(_headers, parameters) {
      const clientId = parameters.get('client_id')
      const secret = parameters.get('client_assertion')
      return clientId === undefined ||
        secret === undefined ||
        parameters.get('client_assertion_type') !== assertionType
        ? undefined
        : { candidates: [{ clientId, secret }] }
    },
    async verify({ secret = '' }, client, server) {
      try {
        const { payload } = await jwtVerify(secret, keys, {
          algorithms: ['ES256', 'RS256'],
          audience: server.issuer,
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(server.now()),
        })
        return (
          payload.sub === workloads.get(client.client_id) || 'the SPIFFE id is not the one of this client'
        )
      } catch (error) {
        return String(error)
      }
    },
  }
}

const spiffeId = 'spiffe://example.org/ns/billing/sa/reports'
let bundle: JSONWebKeySet
let agentKey: CryptoKey
beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  agentKey = privateKey
  bundle = { keys: [{ ...(await exportJWK(publicKey)), kid: 'agent' }] }
})

function spiffeServer() {
  const test = testServer({
    clients: [
      registered({
        client_id: 'reports',
        token_endpoint_auth_method: 'spiffe_jwt',
        grant_types: ['client_credentials'],
        scopes: ['read:application'],
      }),
    ],
    grants: [clientCredentials()],
    clientAuthentication: [none(), spiffeJwt(bundle, new Map([['reports', spiffeId]]))],
  })
  const ask = async (sub: string, { aud = issuer, type = assertionType, lifetime = 300 } = {}) => {
    const client_assertion = await new SignJWT({ sub, aud, exp: test.clock.now() / 1000 + lifetime })
      .setProtectedHeader({ alg: 'ES256', kid: 'agent' })
      .sign(agentKey)
    return post(test, '/token', {
      grant_type: 'client_credentials',
      resource: mcp,
      client_id: 'reports',
      client_assertion_type: type,
      client_assertion,
    })
  }
  return { ...test, ask }
}

describe('an authentication method from outside', () => {
  it('lets a workload in by its JWT-SVID, and is on offer in the metadata', async () => {
    const test = spiffeServer()
    const { status, json } = await test.ask(spiffeId)
    expect([status, json.scope]).toEqual([200, 'read:application'])
    expect(await test.server.metadata()).toMatchObject({
      token_endpoint_auth_methods_supported: ['none', 'spiffe_jwt'],
    })
  })

  it('keeps every other workload, audience, time and type out', async () => {
    const test = spiffeServer()
    const answers = await Promise.all([
      test.ask('spiffe://example.org/ns/billing/sa/other'),
      test.ask('spiffe://evil.example/ns/billing/sa/reports'),
      test.ask(spiffeId, { aud: 'https://other.example' }),
      test.ask(spiffeId, { lifetime: -60 }),
      test.ask(spiffeId, { type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }),
    ])
    expect(answers.map(({ status, json }) => [status, json.error])).toEqual(
      answers.map(() => [401, 'invalid_client']),
    )
    const messages = eventsOf(test, 'client.authentication_failed').map(({ message }) => message)
    expect(messages).toContain('the SPIFFE id is not the one of this client')
  })
})
