// RFC 9396 §11 to §14: who learns about granted details besides the client, and who may have which
import type { TokenPolicy, TokenPolicyInput } from '@gatewright/core'
import { registered } from '@gatewright/authorization-server'
import type { AuthorizationDetailType, ClientOptions } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { asking, detailsServer, introspected, pay, payment } from '../support/details.ts'
import { expectRedirectError } from '../support/expectations.ts'
import { authorize, claimsOf, post, redeem, refresh } from '../support/flow.ts'
import { push } from '../support/pushed.ts'
import { as } from '../support/service-server.ts'
import { issuer, mcp, otherResource } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

const detailsOf = (json: object) => (json as Record<string, unknown>)['authorization_details']
const asked = asking(pay(40, 'Acme'), pay(2, 'Bolt'))

describe('policies', () => {
  it('see the details of the token at each issuance, and what they write to them is not minted', async () => {
    const seen: TokenPolicyInput[] = []
    const policy: TokenPolicy = (input) => {
      seen.push(structuredClone(input))
      const [first] = input.request.oauth.authorization_details ?? []
      try {
        Object.assign(first ?? {}, { amount: 1_000_000 })
      } catch {}
      return { allowed: true }
    }
    const test = detailsServer({ policies: [policy] })
    const { tokens, accessToken, refreshToken } = await obtainTokens(test, asked)
    expect(detailsOf(tokens)).toEqual([pay(40, 'Acme'), pay(2, 'Bolt')])
    expect(claimsOf(accessToken)['authorization_details']).toEqual([pay(40, 'Acme'), pay(2, 'Bolt')])
    await refresh(test, refreshToken, asking(pay(2, 'Bolt')))
    await obtainTokens(test)
    expect(seen.map(({ request }) => request.oauth.authorization_details)).toEqual([
      [pay(40, 'Acme'), pay(2, 'Bolt')],
      [pay(2, 'Bolt')],
      undefined,
    ])
  })

  it('can refuse a token because of them', async () => {
    const policy: TokenPolicy = ({ request }) => ({
      allowed: !request.oauth.authorization_details?.some(({ amount }) => Number(amount) > 30),
    })
    const test = detailsServer({ policies: [policy] })
    await expect(obtainTokens(test, asked)).rejects.toThrow('not allowed by policy')
    expect((await obtainTokens(test, asking(pay(30, 'Acme')))).tokens).toHaveProperty('authorization_details')
  })
})

describe('audit events', () => {
  it('tell the types of the details, and nothing that is in them', async () => {
    const test = detailsServer()
    const { refreshToken } = await obtainTokens(test, asked)
    await refresh(test, refreshToken)
    const types = { detailTypes: ['payment'] }
    expect(eventsOf(test, 'consent.approved')).toMatchObject([types])
    expect(eventsOf(test, 'token.issued')).toMatchObject([types, types])
    expect(JSON.stringify(test.events)).not.toContain('Acme')
    await obtainTokens(test)
    expect(eventsOf(test, 'consent.approved')[1]).not.toHaveProperty('detailTypes')
    expect(eventsOf(test, 'token.issued')[2]).not.toHaveProperty('detailTypes')
  })
})

describe('the user and the administrator', () => {
  it('see what is granted, on the account page in words', async () => {
    const test = detailsServer()
    const browser = createBrowser(test.server)
    await obtainTokens(test, asking(pay(40, '<b>Acme</b>')), { browser })
    const { body } = await browser.send(`${issuer}/account`)
    expect(body).toContain('<li><bdi>Pay 40 to &lt;b&gt;Acme&lt;/b&gt;</bdi></li>')
    expect(await test.server.grants.list({ subject: 'alice' })).toMatchObject([
      { authorizationDetails: [pay(40, '<b>Acme</b>')] },
    ])
  })

  it('see on the account page only what counts: not a type that was taken out', async () => {
    const before = detailsServer()
    await obtainTokens(before, asked)
    const transfer = { ...payment, name: 'transfer' }
    const test = detailsServer({ storage: before.storage, authorizationDetails: [transfer] })
    const browser = createBrowser(test.server)
    await obtainTokens(test, {}, { browser })
    expect((await browser.send(`${issuer}/account`)).body).not.toContain('Pay 40')
  })
})

const limited = (types: readonly string[], more: Partial<ClientOptions> = {}) =>
  registered(
    {
      client_id: 'claude-desktop-mcp',
      redirect_uris: ['http://127.0.0.1:*/callback'],
      authorization_details_types: types,
    },
    {
      client_id: 'svc',
      client_secret: 'svc-secret',
      grant_types: ['client_credentials'],
      scopes: ['read:application'],
      authorization_details_types: types,
      ...more,
    },
    { client_id: 'rs1', client_secret: 'rs1-secret', grant_types: [], serves: [mcp] },
  )
const transfer: AuthorizationDetailType = { ...payment, name: 'transfer' }
const types = [payment, transfer]

describe('PA-09 a client that is registered for some types', () => {
  it('may ask for no other, wherever it asks', async () => {
    const test = detailsServer({ authorizationDetails: types, clients: [limited(['transfer'])] })
    const refused = await authorize(createBrowser(test.server), asking(pay(1, 'Acme')))
    expectRedirectError(refused, 'invalid_authorization_details')
    expect((await push(test, asking(pay(1, 'Acme')))).json.error).toBe('invalid_authorization_details')
    const { json } = await post(
      test,
      '/token',
      { grant_type: 'client_credentials', resource: mcp, ...asking(pay(1, 'Acme')) },
      { basic: as('svc') },
    )
    expect(json.error_description).toMatch(/not among the authorization_details_types/)
    expect((await obtainTokens(test, asking(pay(1, 'A', { type: 'transfer' })))).tokens).toHaveProperty(
      'authorization_details',
    )
  })

  it('gets none of another that was granted before', async () => {
    const before = detailsServer({ authorizationDetails: types })
    const both = asking(pay(1, 'Acme'), pay(2, 'Acme', { type: 'transfer' }))
    const { refreshToken } = await obtainTokens(before, both)
    const test = detailsServer({
      storage: before.storage,
      authorizationDetails: types,
      clients: [limited(['transfer'])],
    })
    const { json } = await refresh(test, refreshToken)
    expect(detailsOf(json)).toEqual([pay(2, 'Acme', { type: 'transfer' })])
  })

  it('with an empty list may ask for none', async () => {
    const test = detailsServer({ clients: [limited([])] })
    const refused = await authorize(createBrowser(test.server), asking(pay(1, 'Acme')))
    expectRedirectError(refused, 'invalid_authorization_details')
  })

  it('cannot be registered for a type that is not there', () => {
    expect(() => detailsServer({ clients: [limited(['transfer'])] })).toThrow(
      'authorization_details_types names "transfer", but this server has payment',
    )
  })
})

describe('PA-10 a client that acts for itself', () => {
  const toClient = {
    ...payment,
    grantToClient: (detail: object) => ({ ...pay(1, 'x'), ...detail, amount: 1 }),
  }
  const ask = (test: ReturnType<typeof detailsServer>, more: object) =>
    post(
      test,
      '/token',
      { grant_type: 'client_credentials', resource: mcp, scope: 'read:application', ...more },
      { basic: as('svc') },
    )

  it.each(['jwt', 'opaque'] as const)(
    'gets what the type grants to clients, and is told (%s)',
    async (accessTokenFormat) => {
      const test = detailsServer({ accessTokenFormat, authorizationDetails: [toClient] })
      const { json } = await ask(test, asking(pay(40, 'Acme')))
      expect(detailsOf(json)).toEqual([pay(1, 'Acme')])
      expect(await introspected(test, json.access_token)).toEqual([pay(1, 'Acme')])
      expect(eventsOf(test, 'token.issued')).toMatchObject([{ detailTypes: ['payment'] }])
      expect((await ask(test, {})).json).not.toHaveProperty('authorization_details')
    },
  )

  it('gets nothing where a type grants nothing, is not sound, or is for another resource', async () => {
    const refusing = { ...payment, grantToClient: () => undefined }
    const unsound = { ...payment, grantToClient: () => ({ ...pay(1, 'Acme'), urgent: true }) }
    for (const [type, error] of [
      [payment, 'invalid_authorization_details'],
      [refusing, 'invalid_authorization_details'],
      [unsound, 'server_error'],
    ] as const) {
      const test = detailsServer({ authorizationDetails: [type] })
      expect((await ask(test, asking(pay(1, 'Acme')))).json.error).toBe(error)
    }
    const test = detailsServer({ authorizationDetails: [toClient] })
    const elsewhere = await ask(test, asking(pay(1, 'Acme', { locations: [otherResource] })))
    expect(elsewhere.json.error_description).toMatch(/another resource/)
    const here = await ask(test, asking(pay(1, 'Acme', { locations: [mcp] })))
    expect(detailsOf(here.json)).toEqual([pay(1, 'Acme', { locations: [mcp] })])
  })

  it('needs no approval of a user, and a user needs it still', async () => {
    const test = detailsServer({ authorizationDetails: [toClient] })
    const { tokens } = await obtainTokens(test, asking(pay(40, 'Acme')), { username: 'carol' })
    expect(detailsOf(tokens)).toBeUndefined()
    const code = { code: 'x.y', verifier: 'z' }
    expect((await redeem(test, code, asking(pay(1, 'Acme')))).json.error).toBe('invalid_grant')
  })
})
