// Client ID Metadata Document draft-00 §4: https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-4
import { describe, expect, it } from 'vitest'
import { none } from '@gatewright/authorization-server'
import { createMemoryStorage } from '@gatewright/storage'
import { createBrowser } from '../support/browser.ts'
import { authorize, obtainDocumentTokens } from '../support/document-flow.ts'
import { documentOf, documentServer, documentUrl } from '../support/document-host.ts'
import { expectForm, expectLocalErrorPage } from '../support/expectations.ts'
import { obtainCode, redeem, redirectUri, refresh } from '../support/flow.ts'
import { eventsOf } from '../support/tokens.ts'

const hour = 3600

describe('a client of a document', () => {
  it('CM-01 gets from its document to a token, and discovery says so', async () => {
    const test = documentServer()
    expect(await test.server.metadata()).toMatchObject({ client_id_metadata_document_supported: true })
    const { status, json } = await obtainDocumentTokens(test)
    expect([status, json.token_type]).toEqual([200, 'Bearer'])
    expect((await refresh(test, json.refresh_token, { client_id: documentUrl })).status).toBe(200)
    expect(test.host.requests).toHaveLength(1)
  })

  it('CM-14 that would rather sign assertions is a public one where the server knows none of its methods', async () => {
    const test = documentServer({}, { clientAuthentication: [none()] })
    const both = {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    }
    test.host.serve(
      documentUrl,
      documentOf(documentUrl, { ...both, jwks_uri: 'https://client.example.com/jwks' }),
    )
    expect((await obtainDocumentTokens(test)).status).toBe(200)
  })

  it('CM-26 on two machines has two grants, and the second login ends none', async () => {
    const test = documentServer()
    const first = await obtainDocumentTokens(test)
    const second = await obtainDocumentTokens(test, { redirect_uri: 'http://localhost:4711/callback' })
    for (const { json } of [first, second])
      expect((await refresh(test, json.refresh_token, { client_id: documentUrl })).status).toBe(200)
  })

  it('does not ask for a secret that it would not have', async () => {
    const test = documentServer()
    const { token_endpoint_auth_method: _, ...silent } = documentOf(documentUrl)
    test.host.serve(documentUrl, silent)
    expect((await obtainDocumentTokens(test)).status).toBe(200)
  })
})

describe('the copy of a document', () => {
  it.each([
    new Response('broken', { status: 500 }),
    new Response('{', { headers: { 'content-type': 'application/json' } }),
    new Error('ECONNREFUSED'),
  ])('CM-18 a failure is not remembered (%o)', async (failure) => {
    const test = documentServer()
    test.host.answer(documentUrl, failure)
    expectLocalErrorPage(await authorize(test))
    test.host.serve(documentUrl, documentOf(documentUrl))
    expectForm(await authorize(test), 'login')
  })

  it.each([
    [undefined, hour],
    ['max-age=600', 600],
    ['public, max-age=600, immutable', 600],
    ['max-age=0', 60],
    ['no-store', 60],
    ['no-cache, max-age=600', 60],
    ['max-age=99999999', 24 * hour],
    ['max-age=junk', hour],
    ['s-maxage=600', hour],
  ])('with Cache-Control %s is used for %d seconds', async (header, seconds) => {
    const test = documentServer({}, { sessionLifetime: 10 })
    test.host.serve(
      documentUrl,
      documentOf(documentUrl),
      header === undefined ? {} : { 'cache-control': header },
    )
    await authorize(test)
    test.clock.advance(seconds - 1)
    await authorize(test)
    expect(test.host.requests).toHaveLength(1)
    test.clock.advance(1)
    await authorize(test)
    expect(test.host.requests).toHaveLength(2)
  })

  it('CM-19 what the client takes back is refused once the copy has aged, and the operator is told', async () => {
    const test = documentServer()
    await obtainDocumentTokens(test)
    test.host.serve(
      documentUrl,
      documentOf(documentUrl, { client_name: 'Another', redirect_uris: ['http://localhost/callback'] }),
    )
    expectForm(await authorize(test), 'login')
    test.clock.advance(hour)
    expectLocalErrorPage(await authorize(test, { redirect_uri: redirectUri }))
    expectForm(await authorize(test, { redirect_uri: 'http://localhost:1/callback' }), 'login')
    expect(eventsOf(test, 'client.metadata_changed')).toMatchObject([
      { clientId: documentUrl, message: 'changed: client_name, redirect_uris' },
    ])
  })

  it('CM-19 users of a client that changed are asked again', async () => {
    const test = documentServer()
    const { browser } = await obtainCode(test, { client_id: documentUrl })
    test.host.serve(documentUrl, documentOf(documentUrl, { client_name: 'Another' }))
    test.clock.advance(hour)
    const landing = await authorize(test, {}, browser)
    expectForm(landing, 'consent')
    expect(landing.body).toContain('Another')
  })

  it('CM-22 refreshes go on while the host is away, for as long as the client is kept', async () => {
    const test = documentServer({}, { refreshTokenLifetime: 90 * 24 * hour })
    let token = (await obtainDocumentTokens(test)).json.refresh_token
    test.host.answer(documentUrl, new Error('ECONNREFUSED'))
    for (let day = 0; day < 10; day++) {
      test.clock.advance(24 * hour)
      const { status, json } = await refresh(test, token, { client_id: documentUrl })
      expect(status).toBe(200)
      token = json.refresh_token
    }
    expectLocalErrorPage(await authorize(test))
  })

  it('CM-22 a client that was never fetched is unknown at the token endpoint, and the answer says no more', async () => {
    const test = documentServer()
    test.host.answer(documentUrl, new Error('ECONNREFUSED 10.0.0.1'))
    const { status, json } = await redeem(test, { code: 'x', verifier: 'y' }, { client_id: documentUrl })
    expect([status, json.error, json.error_description]).toEqual([
      401,
      'invalid_client',
      'client authentication failed',
    ])
  })

  it('new authorizations go on for a day while the host is away, but not when it took the document back', async () => {
    const test = documentServer()
    await authorize(test)
    const other = 'https://client.example.com/gone.json'
    test.host.serve(other, documentOf(other))
    await authorize(test, { client_id: other })
    test.clock.advance(hour)
    test.host.answer(documentUrl, new Response('broken', { status: 503 }))
    test.host.answer(other, new Response('gone', { status: 410 }))
    expectForm(await authorize(test), 'login')
    expectLocalErrorPage(await authorize(test, { client_id: other }))
    test.clock.advance(24 * hour)
    expectLocalErrorPage(await authorize(test))
  })

  it('a host that is away is asked once a minute where there is a copy', async () => {
    const test = documentServer()
    await authorize(test)
    test.clock.advance(hour)
    test.host.answer(documentUrl, new Error('ECONNREFUSED'))
    for (let request = 0; request < 5; request++) await authorize(test)
    expect(test.host.requests).toHaveLength(2)
    test.clock.advance(60)
    await authorize(test)
    expect(test.host.requests).toHaveLength(3)
  })

  it('is shared by the processes of a server, and forgotten when nobody approved the client', async () => {
    const storage = createMemoryStorage()
    const [first, second] = [documentServer({}, { storage }), documentServer({}, { storage })]
    await authorize(first)
    expectForm(await authorize(second), 'login')
    expect(second.host.requests).toEqual([])
    second.host.answer(documentUrl, new Error('ECONNREFUSED'))
    second.clock.advance(25 * hour)
    expectLocalErrorPage(await authorize(second))
  })

  it('CR-21 is kept while the client is used', async () => {
    const test = documentServer({ unconfirmedLifetime: hour, unusedLifetime: 10 * hour })
    const { json } = await obtainDocumentTokens(test)
    test.host.answer(documentUrl, new Error('ECONNREFUSED'))
    test.clock.advance(9 * hour)
    const again = await refresh(test, json.refresh_token, { client_id: documentUrl })
    expect(again.status).toBe(200)
    test.clock.advance(9 * hour)
    const third = await refresh(test, again.json.refresh_token, { client_id: documentUrl })
    expect(third.status).toBe(200)
    test.clock.advance(12 * hour)
    expect((await refresh(test, third.json.refresh_token, { client_id: documentUrl })).json.error).toBe(
      'invalid_client',
    )
  })
})

describe('CM-21 what strangers can make the server fetch', () => {
  const urls = (count: number, host = 'client.example.com') =>
    Array.from({ length: count }, (_, index) => `https://${host}/${index}.json`)

  it('one request for many who wait for one document', async () => {
    const test = documentServer()
    const landings = await Promise.all(Array.from({ length: 50 }, () => authorize(test)))
    for (const landing of landings) expectForm(landing, 'login')
    expect(test.host.requests).toHaveLength(1)
  })

  it('so many documents in a minute because of one address, and of one host', async () => {
    const test = documentServer({ budget: { perAddress: 10, perHost: 15, atOnce: 1000 } })
    const from = (ip: string, id: string) =>
      authorize(test, { client_id: id }, createBrowser(test.server, { ip }))
    for (const id of urls(100)) await from('192.0.2.7', id)
    expect(test.host.requests).toHaveLength(10)
    for (const id of urls(100)) await from('192.0.2.8', id)
    expect(test.host.requests).toHaveLength(15)
    for (const id of urls(100, 'other.example.com')) await from('192.0.2.9', id)
    expect(test.host.requests).toHaveLength(25)
    test.clock.advance(60)
    await from('192.0.2.7', documentUrl)
    expect(test.host.requests).toHaveLength(26)
  })

  it('so many at once', async () => {
    const test = documentServer({ budget: { atOnce: 3, perAddress: 1000, perHost: 1000 } })
    const ids = urls(20)
    let open = 0
    let most = 0
    for (const id of ids)
      test.host.answer(id, async () => {
        most = Math.max(most, ++open)
        await new Promise((done) => setTimeout(done, 5))
        open--
        return Response.json(documentOf(id))
      })
    const landings = await Promise.all(ids.map((id) => authorize(test, { client_id: id })))
    expect(most).toBe(3)
    expect(landings.filter(({ body }) => body.includes('id="login"'))).toHaveLength(3)
  })
})
