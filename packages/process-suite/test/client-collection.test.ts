import { dynamicRegistration } from '@gatewright/authorization-server'
import { migrateStorage, openStorage } from '@gatewright-examples/target/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { obtainTokens } from '../../authorization-server/test/support/tokens.ts'
import { post } from '../../authorization-server/test/support/flow.ts'
import { nativeClient, register } from '../../authorization-server/test/support/registration.ts'
import { testServer } from '../../authorization-server/test/support/test-server.ts'
import type { TestServer } from '../../authorization-server/test/support/test-server.ts'
import { openClientRecords } from './support/client-records.ts'
import type { ClientRecords } from './support/client-records.ts'
import { stores } from './support/stores.ts'
import type { Store } from './support/stores.ts'

const day = 86_400
const callback = 'http://127.0.0.1:7001/callback'

/** Clients that nobody ever approves. */
const abandoned = 25

describe.each(Object.values(stores))('clients that registered themselves, in $name,', (kind) => {
  if (kind.missing !== undefined) {
    it.skip(kind.missing, () => undefined)
    return
  }
  let store: Store
  let records: ClientRecords
  beforeAll(async () => {
    store = await kind.start()
    await migrateStorage(store.url)
    records = await openClientRecords(store.url)
  }, 180_000)
  afterAll(async () => {
    await records.close()
    await store.remove()
  })

  function serve() {
    const storage = openStorage(store.url)
    const test = testServer({
      storage,
      clients: [dynamicRegistration({ mode: 'open' })],
      refreshTokenIdleLifetime: 80 * day,
    })
    return { test, sweep: () => storage.sweep({ now: test.clock.now(), limit: 10_000 }) }
  }

  const refresh = async (test: TestServer, clientId: string, token: string | undefined) =>
    (await post(test, '/token', { grant_type: 'refresh_token', client_id: clientId, refresh_token: token }))
      .json

  it('CR-21 those that were never used are removed after a day, and one that is used stays until 90 days after its last use', async () => {
    const { test, sweep } = serve()
    // Registrations in the same words would be one client.
    for (let count = 0; count < abandoned; count++)
      await register(test, { ...nativeClient, client_name: `Abandoned ${count}` })
    const { client_id: clientId } = (await register(test, nativeClient)).json
    const { refreshToken } = await obtainTokens(test, { client_id: clientId, redirect_uri: callback })
    expect(await records.count()).toBe(abandoned + 1)
    // Redis removes without being told, five minutes late.
    const lives = (await records.timesToLive?.())?.toSorted((one, other) => one - other)
    if (lives !== undefined) {
      for (const life of lives.slice(0, abandoned)) expect(Math.abs(life - day - 300)).toBeLessThan(60)
      expect(lives.at(-1)).toBeGreaterThan(90 * day)
    }

    // A sweep may be late by a quarter of the lifetime.
    test.clock.advance(1.25 * day)
    await sweep()
    expect(await records.count()).toBe(1)
    const next = await refresh(test, clientId, refreshToken)
    expect(next.error).toBeUndefined()

    // Far beyond 90 days after the registration, but not after the use.
    test.clock.advance(75 * day)
    await sweep()
    const last = await refresh(test, clientId, next.refresh_token)
    expect(last.error).toBeUndefined()
    test.clock.advance(75 * day)
    await sweep()
    expect(await records.count()).toBe(1)

    test.clock.advance(75 * day)
    await sweep()
    expect(await records.count()).toBe(0)
    expect((await refresh(test, clientId, last.refresh_token)).error).toBe('invalid_client')
  }, 180_000)
})
