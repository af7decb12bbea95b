// Client ID Metadata Document draft-00: https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00
import { describe, expect, it } from 'vitest'
import { metadataDocuments } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { documentOf, documentServer, documentUrl } from '../support/document-host.ts'
import type { DocumentTest } from '../support/document-host.ts'
import { expectForm, expectLocalErrorPage } from '../support/expectations.ts'
import { authorize } from '../support/document-flow.ts'
import { logIn } from '../support/flow.ts'
import { eventsOf } from '../support/tokens.ts'
import { testServer } from '../support/test-server.ts'

const ask = (test: DocumentTest, overrides: Readonly<Record<string, string>> = {}) =>
  authorize(test, overrides)

describe('which documents are taken', () => {
  it('CM-02 without the part, a URL is an unknown client, nothing is fetched and metadata is silent', async () => {
    let fetched = 0
    const test = testServer({ clientUrls: { fetch: async () => (fetched++, new Response('{}')) } })
    const page = await authorize(test, {})
    expectLocalErrorPage(page)
    expect(page.body).toContain('Unknown app')
    expect(fetched).toBe(0)
    expect(await test.server.metadata()).not.toHaveProperty('client_id_metadata_document_supported')
  })

  it.each([
    'https://client.example.com/oauth/Metadata.json',
    'https://client.example.com/oauth/metadata.json/',
    'https://client.example.com/oauth/metadata.json?',
    'https://client.example.com/oauth/metadata.json?a=1',
    'HTTPS://client.example.com/oauth/metadata.json',
    '',
  ])('CM-04 a document that says it is %s', async (own) => {
    const test = documentServer()
    test.host.serve(documentUrl, documentOf(own))
    expectLocalErrorPage(await ask(test))
  })

  const sound = JSON.stringify(documentOf(documentUrl))
  it.each([
    ['html', sound, 'text/html'],
    ['no type', sound, ''],
    ['text that is no JSON', '{"client_id":', 'application/json'],
    ['an array', '[]', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a byte order mark', `\uFEFF${sound}`, 'application/json'],
    ['a name twice', `{"client_id":"https://evil.example/a",${sound.slice(1)}`, 'application/json'],
    ['a secret', JSON.stringify(documentOf(documentUrl, { client_secret: 's' })), 'application/json'],
    [
      'a method with a secret',
      JSON.stringify(documentOf(documentUrl, { token_endpoint_auth_method: 'client_secret_basic' })),
      'application/json',
    ],
    [
      'a dangerous redirect URI',
      JSON.stringify(documentOf(documentUrl, { redirect_uris: ['javascript:alert(1)'] })),
      'application/json',
    ],
  ])('CM-06 a document with %s', async (_what, body, type) => {
    const test = documentServer()
    test.host.serve(documentUrl, body, { 'content-type': type })
    expectLocalErrorPage(await ask(test))
    expect(eventsOf(test, 'client.metadata_refused')).toMatchObject([
      { clientId: documentUrl, reason: 'refused' },
    ])
  })

  it.each(['application/json; charset=utf-8', 'application/oauth-client+json'])(
    'a document of type %s is one',
    async (type) => {
      const test = documentServer()
      test.host.serve(documentUrl, sound, { 'content-type': type })
      expectForm(await ask(test), 'login')
    },
  )

  it.each(['declared', 'streamed'])(
    'CM-07 a document of 5,120 bytes is taken, one byte more is not (%s)',
    async (form) => {
      for (const [bytes, taken] of [
        [5120, true],
        [5121, false],
      ] as const) {
        const test = documentServer()
        const text = JSON.stringify(documentOf(documentUrl, { pad: '' }))
        const body = text.replace('"pad":""', `"pad":"${'x'.repeat(bytes - text.length)}"`)
        const headers = {
          'content-type': 'application/json',
          ...(form === 'declared' ? { 'content-length': `${bytes}` } : {}),
        }
        test.host.answer(documentUrl, () => new Response(new Blob([body]).stream(), { headers }))
        const landing = await ask(test)
        if (taken) expectForm(landing, 'login')
        else expectLocalErrorPage(landing)
      }
    },
  )

  it('CM-07 an endless document is left', async () => {
    const test = documentServer()
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => ((sent += 1024), controller.enqueue(new Uint8Array(1024).fill(32))),
    })
    test.host.answer(
      documentUrl,
      () => new Response(endless, { headers: { 'content-type': 'application/json' } }),
    )
    expectLocalErrorPage(await ask(test))
    expect(sent).toBeLessThan(16_384)
  })

  it.each([301, 302, 303, 307, 308])('a redirect (%d) is not followed', async (status) => {
    const test = documentServer()
    test.host.answer(
      documentUrl,
      () => new Response(null, { status, headers: { location: 'https://client.example.com/other' } }),
    )
    expectLocalErrorPage(await ask(test))
    expect(test.host.requests.map(({ url }) => url)).toEqual([documentUrl])
  })

  it.each([
    '127.0.0.1',
    'localhost',
    'x.localhost',
    '[::1]',
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:7f00:1]',
    '[::7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '2130706433',
    '0x7f.1',
    'metadata.google.internal',
  ])('CM-10 nothing is asked of %s', async (host) => {
    const test = documentServer()
    const id = `https://${host}/metadata.json`
    test.host.serve(id, documentOf(id))
    expectLocalErrorPage(await ask(test, { client_id: id }))
    expect(test.host.requests).toEqual([])
  })

  it('CM-12 the exemption for loopback is for a server that is there itself', async () => {
    expect(() => documentServer({}, { clientUrls: { reach: 'loopback' } })).toThrow("reach: 'loopback'")
    expect(() =>
      documentServer({}, { clientUrls: { reach: 'loopback', fetch }, issuer: 'http://127.0.0.1:4000' }),
    ).not.toThrow()
  })

  it('CM-23 asks by a plain GET for JSON, and sends nothing of the user', async () => {
    const test = documentServer()
    await ask(test)
    const [request] = test.host.requests
    expect(request?.method).toBe('GET')
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      accept: 'application/json',
      'user-agent': 'Gatewright',
    })
  })

  it('CM-25 the page does not tell why there is no document', async () => {
    const test = documentServer()
    const pages = new Set<string>()
    const failures = [
      new Error('connect ECONNREFUSED'),
      new Error('certificate has expired'),
      new DOMException('timed out', 'TimeoutError'),
      new Response('no', { status: 404 }),
      new Response('no', { status: 500 }),
    ]
    for (const failure of failures) {
      test.host.answer(documentUrl, failure)
      const landing = await ask(test)
      expectLocalErrorPage(landing)
      pages.add(landing.body)
    }
    expectLocalErrorPage(await ask(test, { client_id: 'https://10.0.0.1/a' }))
    pages.add((await ask(test, { client_id: 'https://10.0.0.1/a' })).body)
    expect(pages.size).toBe(1)
    expect([...pages][0]).toContain('This app could not be checked')
    expect((await ask(test, { client_id: 'nobody' })).body).toContain('Unknown app')
  })

  it('CM-27 an id that is too long, and a host in letters that are not ASCII', async () => {
    const test = documentServer()
    for (const client_id of [`https://client.example.com/${'a'.repeat(2022)}`, 'https://exämple.com/a'])
      expectLocalErrorPage(await ask(test, { client_id }))
    expect(test.host.requests).toEqual([])
  })

  it('only the hosts that the operator names, when there are any', async () => {
    const test = documentServer({ hosts: ['client.example.com'] })
    expectForm(await ask(test), 'login')
    const other = 'https://client.example.com.evil.example/metadata.json'
    test.host.serve(other, documentOf(other))
    expectLocalErrorPage(await ask(test, { client_id: other }))
    expect(test.host.requests).toHaveLength(1)
  })
})

describe('how a client of a document authorizes', () => {
  it('CM-15 only to a redirect URI of the document', async () => {
    const test = documentServer()
    for (const redirect_uri of [
      'https://evil.example/cb',
      'http://127.0.0.1:51004/other',
      'http://127.0.0.1.evil.example/callback',
    ])
      expectLocalErrorPage(await ask(test, { redirect_uri }))
  })

  it('CM-16 at any port of a loopback redirect URI', async () => {
    const test = documentServer()
    for (const redirect_uri of ['http://localhost:51004/callback', 'http://127.0.0.1:1/callback'])
      expectForm(await ask(test, { redirect_uri }), 'login')
  })

  it('the consent page says that nobody vouches for the client', async () => {
    const test = documentServer()
    const browser = createBrowser(test.server)
    const consent = await logIn(browser, (await authorize(test, {}, browser)).body)
    expect(consent.body).toContain('Desktop Client')
    expect(consent.body).toMatch(/not verified/)
  })

  it.each([
    { staleLifetime: 0 },
    { unusedLifetime: Number.NaN },
    { budget: { perHost: 0 } },
    { budget: { atOnce: 1.5 } },
  ])('refuses the options %o', (options) =>
    expect(() => metadataDocuments(options)).toThrow('metadataDocuments'),
  )
})
