// OpenID Connect CIBA Core 1.0 §13: https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.13
import { dynamicRegistration } from '@gatewright/authorization-server'
import type { Client, ClientSource } from '@gatewright/authorization-server'
import { sha256Base64url } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { createBrowser, formOf } from '../support/browser.ts'
import { cibaGrant, cibaServer, fetchTokens, openLink, startBackchannel } from '../support/ciba.ts'
import { approve, claimsOf, obtainCode, post, redeem } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { nativeClient, register } from '../support/registration.ts'
import { issuer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

async function approved() {
  const { test, asked, ...rest } = cibaServer()
  const { id } = await startBackchannel(test)
  const page = await openLink(test, asked[0]?.url ?? '')
  await approve(page.browser, page.body)
  return { test, asked, id, ...rest }
}

describe('a request for a user', () => {
  it('is refused to whoever is not a confidential client that the operator lets ask', async () => {
    const { test, asked } = cibaServer()
    for (const basic of ['web:desk-secret', 'desk:wrong', 'nobody:desk-secret']) {
      const { status, json } = await startBackchannel(test, {}, { basic })
      const expected = basic.startsWith('web') ? [400, 'unauthorized_client'] : [401, 'invalid_client']
      expect([status, json.error]).toEqual(expected)
    }
    const parameters = { client_id: 'claude-desktop-mcp', scope: 'openid', login_hint: 'alice' }
    expect((await post(test, '/bc-authorize', parameters)).json.error).toBe('unauthorized_client')
    expect(asked).toEqual([])
  })

  it('is refused to a public or unverified client, also when a source of the integrator gives it the grant type', async () => {
    const desk: Client = {
      client_id: 'desk',
      redirect_uris: [],
      grant_types: [cibaGrant],
      application_type: 'web',
      authenticationMethods: ['client_secret_basic'],
      secretHashes: [await sha256Base64url('desk-secret')],
      verified: true,
      pkce: 'required',
      consent: 'always',
    }
    const clients: readonly (readonly [Client, number])[] = [
      [desk, 200],
      [{ ...desk, verified: false }, 400],
      [{ ...desk, authenticationMethods: ['none', 'client_secret_basic'] }, 400],
    ]
    for (const [client, expected] of clients) {
      const source: ClientSource = { name: 'own', find: async () => client }
      const { test, asked } = cibaServer({}, { clients: [source] })
      const { status, json } = await startBackchannel(test)
      expect([status, json.error]).toEqual([expected, expected === 200 ? undefined : 'unauthorized_client'])
      expect(asked).toHaveLength(expected === 200 ? 1 : 0)
    }
  })

  it('is not for clients that registered themselves, whatever they ask for', async () => {
    const { test } = cibaServer({}, { clients: [dynamicRegistration({ mode: 'open' })] })
    const grants = { grant_types: ['authorization_code', cibaGrant] }
    const { json } = await register(test, {
      ...nativeClient,
      ...grants,
      token_endpoint_auth_method: 'client_secret_basic',
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'https://evil.example/ping',
    })
    expect(json['grant_types']).toEqual(['authorization_code'])
    expect(json).not.toHaveProperty('backchannel_client_notification_endpoint')
    const basic = `${json.client_id}:${json.client_secret}`
    expect((await startBackchannel(test, {}, { basic })).json.error).toBe('unauthorized_client')
  })

  it.each([
    [{ login_hint: undefined }, 'invalid_request'],
    [{ login_hint_token: 'x' }, 'invalid_request'],
    [{ login_hint: undefined, login_hint_token: 'x' }, 'invalid_request'],
    [{ login_hint: undefined, id_token_hint: 'x' }, 'invalid_request'],
    [{ login_hint: 'nobody' }, 'unknown_user_id'],
    [{ scope: undefined }, 'invalid_request'],
    [{ scope: 'read:application' }, 'invalid_scope'],
    [{ scope: 'openid nope' }, 'invalid_scope'],
    [{ resource: 'https://x.example/' }, 'invalid_target'],
    [{ binding_message: 'x'.repeat(101) }, 'invalid_binding_message'],
    [{ binding_message: 'two\nlines' }, 'invalid_binding_message'],
    [{ binding_message: 'Pay 5\u202e00' }, 'invalid_binding_message'],
    [{ binding_message: 'zero\u200bwidth' }, 'invalid_binding_message'],
    [{ requested_expiry: '0' }, 'invalid_request'],
    [{ requested_expiry: '-1' }, 'invalid_request'],
    [{ requested_expiry: '1e3' }, 'invalid_request'],
    [{ user_code: '1234' }, 'invalid_request'],
    [{ request: 'e30.e30.' }, 'invalid_request'],
  ])('%o rings at nobody', async (changes, code) => {
    const { test, asked } = cibaServer()
    const { status, json } = await startBackchannel(test, changes)
    expect([status, json.error]).toEqual([400, code])
    expect(asked).toEqual([])
    expect(eventsOf(test, 'authorization.refused')).toMatchObject([{ clientId: 'desk', reason: code }])
  })

  it('cannot carry authorization details', async () => {
    const type = { name: 'x', fields: [], validate: () => undefined, describe: () => 'x' }
    const { test, asked } = cibaServer({}, { authorizationDetails: [type] })
    const { json } = await startBackchannel(test, { authorization_details: '[{"type":"x"}]' })
    expect(json.error).toBe('invalid_authorization_details')
    expect(asked).toEqual([])
  })

  it('takes no ID token of another client, no access token and none with another key as a hint', async () => {
    const { test, asked } = cibaServer()
    const { code, verifier } = await obtainCode(test, { scope: 'openid read:application' })
    const { json } = await redeem(test, { code, verifier })
    const [header = '', , signature = ''] = (json.id_token ?? '').split('.')
    const claims = { ...claimsOf(json.id_token), aud: 'desk' }
    const forged = `${header}.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.${signature}`
    for (const hint of [json.id_token, json.access_token, forged]) {
      const answer = await startBackchannel(test, { login_hint: undefined, id_token_hint: hint })
      expect(answer.json.error).toBe('invalid_request')
    }
    expect(asked).toEqual([])
  })

  it('cannot ring at one user again and again, whoever asks', async () => {
    const { test, asked } = cibaServer()
    const clients = ['desk:desk-secret', 'shop:desk-secret']
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        startBackchannel(test, {}, { basic: clients[index % 2] ?? '' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
    expect(asked).toHaveLength(10)
    expect((await startBackchannel(test, { login_hint: 'bob' })).status).toBe(200)
    test.clock.advance(300)
    expect((await startBackchannel(test)).status).toBe(200)
  })

  it('ends when the user cannot be asked, also for a link that went out before that', async () => {
    const links: string[] = []
    const { test } = cibaServer({
      async notifyUser({ url }) {
        links.push(url)
        throw new Error('no device')
      },
    })
    const { status, json } = await startBackchannel(test)
    expect([status, json.error]).toEqual([500, 'server_error'])
    expect((await openLink(test, links[0] ?? '')).response.status).toBe(400)
  })

  it('for an account that is a client’s own is a mistake of the integrator, and not sent', async () => {
    for (const subject of ['client:desk', '', 7]) {
      const { test, asked } = cibaServer({ resolveLoginHint: async () => subject as string })
      expect((await startBackchannel(test)).status).toBe(500)
      expect(asked).toEqual([])
    }
  })
})

describe('the page', () => {
  it('DF-03 lets nobody answer but the user who is asked', async () => {
    const { test, asked } = cibaServer()
    const { id } = await startBackchannel(test)
    const url = asked[0]?.url ?? ''
    const bob = await openLink(test, url, 'bob')
    expect(bob.response.status).toBe(403)
    expect(bob.body).toContain('This request is for another account')
    const alice = await openLink(test, url)
    for (const decision of ['approve', 'deny']) {
      const form = formOf(alice.body, 'consent')
      form.fields.set('decision', decision)
      expect((await bob.browser.submit(form)).response.status).toBe(403)
      expect((await createBrowser(test.server).submit(form)).response.status).toBe(403)
      form.fields.set('csrf', 'x'.repeat(43))
      expect((await alice.browser.submit(form)).response.status).toBe(403)
    }
    expect((await fetchTokens(test, id)).json.error).toBe('authorization_pending')
    expect((await approve(alice.browser, alice.body)).body).toContain('Request approved')
    expect(claimsOf((await fetchTokens(test, id)).json.access_token)).toMatchObject({ sub: 'alice' })
  })

  it('changes nothing by being opened, and works once', async () => {
    const { storage, calls } = hookedStorage()
    const { test, asked } = cibaServer({}, { storage })
    const { id } = await startBackchannel(test)
    const url = asked[0]?.url ?? ''
    const { browser, body } = await openLink(test, url)
    calls.length = 0
    for (const method of ['GET', 'HEAD'])
      expect((await browser.send(url, { method })).response.status).toBe(200)
    expect(new Set(calls.map(({ kind }) => kind))).toEqual(new Set(['get']))
    expect((await fetchTokens(test, id)).json.error).toBe('authorization_pending')
    expect((await approve(browser, body)).response.status).toBe(200)
    expect((await approve(browser, body)).response.status).toBe(400)
    expect((await browser.send(url)).response.status).toBe(400)
  })

  it('asks also for a client that needs no consent elsewhere, and expires with the request', async () => {
    const { test, asked } = cibaServer()
    await startBackchannel(test, { requested_expiry: '60' })
    const { browser, body } = await openLink(test, asked[0]?.url ?? '')
    expect(body).toContain('id="consent"')
    test.clock.advance(60)
    expect((await approve(browser, body)).response.status).toBe(400)
  })

  it('and a function that answer at the same moment leave one answer', async () => {
    for (let round = 0; round < 4; round++) {
      const { test, asked } = cibaServer()
      const { id } = await startBackchannel(test)
      const { browser, body } = await openLink(test, asked[0]?.url ?? '')
      const [page, denied] = await Promise.all([
        approve(browser, body),
        test.server.authenticationRequests.deny(asked[0]?.id ?? '', { subject: 'alice' }),
      ])
      expect(page.response.status === 200).toBe(!denied)
      expect((await fetchTokens(test, id)).status).toBe(denied ? 400 : 200)
    }
  })
})

describe('an auth_req_id', () => {
  it('of another client or of nobody is not valid, before and after the approval', async () => {
    const { test, id, asked } = await approved()
    const shop = { basic: 'shop:desk-secret' }
    const other = await startBackchannel(test)
    for (const wrong of [id, other.id])
      expect((await fetchTokens(test, wrong, {}, shop)).json.error).toBe('invalid_grant')
    for (const nobody of ['x'.repeat(66), 'x', `${id}x`, asked[0]?.id ?? ''])
      expect((await fetchTokens(test, nobody)).json.error).toBe('invalid_grant')
    expect((await fetchTokens(test, id, {}, { basic: 'web:desk-secret' })).json.error).toBe(
      'unauthorized_client',
    )
    expect((await fetchTokens(test, id)).status).toBe(200)
  })

  it('is redeemed by one of fifty requests at once', async () => {
    const { test, id } = await approved()
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetchTokens(test, id)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]))
  })

  it('that is redeemed a second time ends what the first time bought', async () => {
    const { test, id } = await approved()
    const { json: tokens } = await fetchTokens(test, id)
    expect((await fetchTokens(test, id)).json.error).toBe('invalid_grant')
    expect(await test.server.introspect(tokens.access_token ?? '')).toBeUndefined()
    expect(eventsOf(test, 'backchannel_request.reused')).toHaveLength(1)
  })

  it('is no authorization code and no device code', async () => {
    const { test, id } = await approved()
    const code = { grant_type: 'authorization_code', code: id, code_verifier: 'v'.repeat(43) }
    expect((await post(test, '/token', code, { basic: 'web:desk-secret' })).json.error).toBe('invalid_grant')
  })

  it('is polled at its interval, and told to slow down otherwise', async () => {
    const { test } = cibaServer()
    const { id } = await startBackchannel(test)
    const errors = []
    for (const seconds of [0, 1, 5]) {
      test.clock.advance(seconds)
      errors.push((await fetchTokens(test, id)).json.error)
    }
    expect(errors).toEqual(['authorization_pending', 'slow_down', 'authorization_pending'])
  })

  it('is stored as its hash, and no event tells it, the link or the token of a ping', async () => {
    const { storage, dump } = hookedStorage()
    const { test, asked } = cibaServer({}, { storage })
    const token = 'n'.repeat(43)
    const basic = 'pinged:desk-secret'
    const { id } = await startBackchannel(test, { client_notification_token: token }, { basic })
    const page = await openLink(test, asked[0]?.url ?? '')
    await approve(page.browser, page.body)
    expect((await fetchTokens(test, id, {}, { basic })).status).toBe(200)
    expect(dump()).toContain('backchannel_requests')
    for (const secret of [id, id.slice(23), asked[0]?.id ?? '', token, 'Ticket 4711']) {
      expect(dump()).not.toContain(secret)
      expect(JSON.stringify(test.events)).not.toContain(secret)
    }
  })

  it('stops when the user is gone, or disconnects the client', async () => {
    const { test, id } = await approved()
    test.activeUsers.delete('alice')
    expect((await fetchTokens(test, id)).json.error).toBe('invalid_grant')
    test.activeUsers.set('alice', {} as never)
    const [grant] = await test.server.grants.list({ subject: 'alice' })
    await test.server.grants.revoke(grant?.grantId ?? '', { subject: 'alice' })
    expect((await fetchTokens(test, id)).json.error).toBe('invalid_grant')
    expect((await openLink(test, `${issuer}/interaction?request=${'x'.repeat(43)}`)).response.status).toBe(
      400,
    )
  })
})
