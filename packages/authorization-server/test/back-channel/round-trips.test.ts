// What a request costs a storage that is far away.
import { describe, expect, it } from 'vitest'
import { deviceServer, enterCode, openDevicePage, poll, startDevice } from '../support/device.ts'
import { approve, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import type { StorageCall } from '../support/hooked-storage.ts'
import { documentServer, documentUrl } from '../support/document-host.ts'
import { obtainDocumentTokens } from '../support/document-flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { mcp, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { obtainTokens, redeemWeb, webCallback } from '../support/tokens.ts'

/** A server whose signing keys are loaded, with a count of what happens from here on. */
async function counted() {
  const { storage, calls } = hookedStorage()
  const test = testServer({ storage })
  await obtainTokens(test)
  const during = async (work: () => Promise<unknown>) => {
    calls.length = 0
    await work()
    return calls.map(describeCall)
  }
  return { test, during }
}

const describeCall = ({ kind, keys }: StorageCall) =>
  `${kind} ${keys.map(({ collection }) => collection).join('+')}`

describe('round trips to the storage', () => {
  it('a redemption by a registered client takes one get and one commit', async () => {
    const { test, during } = await counted()
    const code = await obtainCode(test)
    expect(await during(() => redeem(test, code))).toEqual(['get grants', 'commit grants'])
  })

  it('a refresh by a registered client takes one get and one commit, the second one as well', async () => {
    const { test, during } = await counted()
    const { refreshToken } = await obtainTokens(test)
    let next = refreshToken
    const once = async () => {
      next = (await refresh(test, next)).json.refresh_token
    }
    const trips = ['get grants+refresh_repeats', 'commit grants+refresh_repeats']
    expect(await during(once)).toEqual(trips)
    expect(await during(once)).toEqual(trips)
  })

  it('a device that fetches its tokens takes one get and one commit', async () => {
    const { storage, calls } = hookedStorage()
    const test = deviceServer({}, { storage })
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    await approve(browser, (await enterCode(browser, page, started.user_code)).body)
    await test.server.jwks()
    calls.length = 0
    expect((await poll(test, started.device_code)).status).toBe(200)
    expect(calls.map(describeCall)).toEqual(['get device_codes+grants', 'commit grants'])
  })

  it('a repeated refresh takes one get', async () => {
    const { test, during } = await counted()
    const { refreshToken } = await obtainTokens(test)
    await refresh(test, refreshToken)
    expect(await during(() => refresh(test, refreshToken))).toEqual(['get grants+refresh_repeats'])
  })

  it('isRevoked takes one get, a revocation one get and one commit', async () => {
    const { test, during } = await counted()
    const { refreshToken } = await obtainTokens(test)
    const query = { grantId: 'g'.repeat(22), jti: 'j' }
    expect(await during(() => test.server.isRevoked(query))).toHaveLength(1)
    const revoke = () => post(test, '/revoke', { client_id: 'claude-desktop-mcp', token: refreshToken })
    expect(await during(revoke)).toEqual(['get grants', 'commit grants'])
  })

  it('what is refused before the grant is read takes none', async () => {
    const { test, during } = await counted()
    const requests = [
      () => redeem(test, { code: 'nonsense', verifier: 'v'.repeat(43) }),
      () => refresh(test, 'nonsense'),
      () => refresh(test, `${'g'.repeat(22)}.0.${'b'.repeat(55)}.${'m'.repeat(22)}`),
      () => post(test, '/token', { grant_type: 'refresh_token', client_id: 'unknown' }),
      () => post(test, '/token', { grant_type: 'authorization_code', code: 'x' }, { basic: 'web:wrong' }),
      () => post(test, '/token', ''),
    ]
    for (const request of requests) expect(await during(request)).toEqual([])
  })

  it('a client that registered itself takes no more: what is known of it comes with the grant', async () => {
    const { test, during } = await counted()
    const { json } = await register(test, { redirect_uris: [webCallback] })
    const basic = `${json.client_id}:${json.client_secret}`
    const asked = { client_id: json.client_id, redirect_uri: webCallback }
    const first = await obtainCode(test, asked)
    // Its first use makes the registration last, and once in a while one does again.
    expect(await during(() => redeemWeb(test, first, {}, { basic }))).toEqual([
      'get clients+client_overrides+grants',
      'commit grants',
      'get clients',
      'commit clients',
      'get used_clients',
      'commit used_clients',
    ])
    const second = await obtainCode(test, asked)
    let token = ''
    const exchange = async () => {
      token = (await redeemWeb(test, second, {}, { basic })).json.refresh_token ?? ''
    }
    expect(await during(exchange)).toEqual(['get clients+client_overrides+grants', 'commit grants'])
    const renew = async () => {
      const { json: next } = await post(
        test,
        '/token',
        { grant_type: 'refresh_token', refresh_token: token },
        { basic },
      )
      token = next.refresh_token ?? ''
    }
    const reads = 'get clients+client_overrides+grants+refresh_repeats'
    expect(await during(renew)).toEqual([reads, 'commit grants+refresh_repeats'])
    expect(await during(renew)).toEqual([reads, 'commit grants+refresh_repeats'])
  })

  it.each([
    ['as long as its document is in memory', false, ''],
    ['in a process that sees it for the first time', true, 'client_documents+'],
  ])('a client of a document takes no more %s', async (_, restarted, document) => {
    const { storage, calls } = hookedStorage()
    const before = documentServer({}, { storage })
    // The first use makes the copy last.
    await obtainDocumentTokens(before)
    const code = await obtainCode(before, { client_id: documentUrl })
    const test = restarted ? documentServer({}, { storage }) : before
    await test.server.jwks()
    const during = async (work: () => Promise<unknown>) => {
      calls.length = 0
      await work()
      return calls.map(describeCall)
    }
    let token = ''
    const exchange = async () => {
      token = (await redeem(test, code, { client_id: documentUrl })).json.refresh_token ?? ''
    }
    expect(await during(exchange)).toEqual([`get ${document}client_overrides+grants`, 'commit grants'])
    const renew = async () => {
      token = (await refresh(test, token, { client_id: documentUrl })).json.refresh_token ?? ''
    }
    expect(await during(renew)).toEqual([
      'get client_overrides+grants+refresh_repeats',
      'commit grants+refresh_repeats',
    ])
  })

  it('administered registered clients take no more either', async () => {
    const { storage, calls } = hookedStorage()
    const test = testServer({ storage, administerRegistered: true })
    const { refreshToken } = await obtainTokens(test)
    calls.length = 0
    await refresh(test, refreshToken)
    expect(calls.map(describeCall)).toEqual([
      'get client_overrides+grants+refresh_repeats',
      'commit grants+refresh_repeats',
    ])
  })

  const mine = { redirect_uri: 'http://127.0.0.1:7001/callback' }
  /** A token of each kind of client, and what its check reads. */
  const kinds: Record<string, readonly [(test: TestServer) => Promise<string | undefined>, string]> = {
    'a registered client': [async (test) => (await obtainTokens(test)).accessToken, 'access_tokens+grants'],
    'a client that registered itself': [
      async (test) => {
        const { client_id } = (await register(test, nativeClient)).json
        return (await obtainTokens(test, { client_id, ...mine })).accessToken
      },
      'access_tokens+grants+ended_clients',
    ],
    'a client that acts for itself': [
      async (test) => {
        const asked = { grant_type: 'client_credentials', resource: mcp }
        return (await post(test, '/token', asked, { basic: as('svc') })).json.access_token
      },
      'access_tokens+grants',
    ],
  }

  it.each(Object.entries(kinds))('the check of an opaque token of %s takes one get', async (kind, [obtain, reads]) => {
    for (const administerRegistered of [false, true]) {
      const { storage, calls } = hookedStorage()
      const test = serviceServer({ storage, accessTokenFormat: 'opaque', administerRegistered })
      const token = (await obtain(test)) ?? ''
      const foreign = `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`
      const withClient =
        administerRegistered && kind === 'a client that acts for itself' ? `client_overrides+${reads}` : reads
      for (const [presented, active] of [[token, true], [foreign, false]] as const) {
        calls.length = 0
        expect((await test.server.introspect(presented)) !== undefined).toBe(active)
        if (active) expect(calls.map(describeCall)).toEqual([`get ${withClient}`])
        expect(calls).toHaveLength(1)
        calls.length = 0
        const { json } = await post(test, '/introspect', { token: presented }, { basic: as('rs1') })
        expect(json['active']).toBe(active)
        // A caller that is administered is read as well, and the token with it.
        expect(calls.filter(({ keys }) => keys[0]?.collection !== 'counts')).toHaveLength(1)
      }
    }
  }) // prettier-ignore

  it('so does the check of an opaque token of a client that a document describes', async () => {
    const { storage, calls } = hookedStorage()
    const test = documentServer({}, { storage, accessTokenFormat: 'opaque' })
    const { access_token: token = '' } = (await obtainDocumentTokens(test)).json
    calls.length = 0
    expect(await test.server.introspect(token)).toBeDefined()
    expect(calls.map(describeCall)).toEqual(['get access_tokens+grants'])
  })

  it('isRevoked takes one get for the token of a client that acts for itself, administered or not', async () => {
    for (const administerRegistered of [false, true]) {
      const { storage, calls } = hookedStorage()
      const test = serviceServer({ storage, administerRegistered })
      const query = { jti: 'j', clientId: 'svc' }
      expect(await test.server.isRevoked(query)).toBe(false)
      expect(calls.map(describeCall)).toEqual([
        administerRegistered ? 'get client_overrides+denied_tokens' : 'get denied_tokens',
      ])
    }
  })

  it('what was read with the client is not read twice: after a lost commit the storage is asked', async () => {
    const { storage, calls, hooks } = hookedStorage()
    const test = testServer({ storage, administerRegistered: true })
    const { refreshToken } = await obtainTokens(test)
    calls.length = 0
    hooks.lose = () => calls.length === 2
    expect((await refresh(test, refreshToken)).status).toBe(200)
    expect(calls.map(describeCall)).toEqual([
      'get client_overrides+grants+refresh_repeats',
      'commit grants+refresh_repeats',
      'get grants+refresh_repeats',
      'commit grants+refresh_repeats',
    ])
  })
})
