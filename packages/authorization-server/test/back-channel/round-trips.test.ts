// What a request costs a storage that is far away.
import { describe, expect, it } from 'vitest'
import { obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import type { StorageCall } from '../support/hooked-storage.ts'
import { register } from '../support/registration.ts'
import { testServer } from '../support/test-server.ts'
import { obtainTokens, redeemWeb } from '../support/tokens.ts'

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
    expect(await during(once)).toEqual(['get grants+refresh_repeats', 'commit grants+refresh_repeats'])
    expect(await during(once)).toEqual([
      'get grants+refresh_repeats',
      'commit grants+refresh_repeats+refresh_repeats',
    ])
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
      () => refresh(test, `${'g'.repeat(22)}.0.${'b'.repeat(54)}.${'m'.repeat(22)}`),
      () => post(test, '/token', { grant_type: 'refresh_token', client_id: 'unknown' }),
      () => post(test, '/token', { grant_type: 'authorization_code', code: 'x' }, { basic: 'web:wrong' }),
      () => post(test, '/token', ''),
    ]
    for (const request of requests) expect(await during(request)).toEqual([])
  })

  it('a dynamic client adds two gets, and its renewal once in a while two more', async () => {
    const { test, during } = await counted()
    const { json } = await register(test, { redirect_uris: ['https://app.example.com/cb'] })
    const basic = `${json.client_id}:${json.client_secret}`
    const overrides = { client_id: json.client_id, redirect_uri: 'https://app.example.com/cb' }
    const first = await obtainCode(test, overrides)
    expect(await during(() => redeemWeb(test, first, {}, { basic }))).toEqual([
      'get clients',
      'get client_overrides',
      'get grants',
      'commit grants',
      'get clients',
      'commit clients',
    ])
    const second = await obtainCode(test, overrides)
    expect(await during(() => redeemWeb(test, second, {}, { basic }))).toEqual([
      'get clients',
      'get client_overrides',
      'get grants',
      'commit grants',
    ])
  })
})
