import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import type { Storage } from '@gatewright/storage'
import { createVault } from '@gatewright/storage/vault'
import { createUpstreamTokens, identityKey } from '@gatewright/provider'
import { createBrowser } from './support/browser.ts'
import { connectOidc, logIn } from './support/connect.ts'
import { leave, redeem, tokenRequest, wholeServer } from './support/whole-server.ts'

const secrets = 'a secret for tests that has more than 32 characters'

/** Alice's tokens, kept. */
async function kept(storage: Storage = createMemoryStorage()) {
  const connection = connectOidc({}, { accessTokenLifetime: 600 })
  const { provider, up, clock } = connection
  const { tokens } = await logIn(connection)
  const options = {
    storage,
    vault: createVault({ secrets }),
    providers: [provider],
    runtime: { now: clock.now },
  }
  const upstream = createUpstreamTokens(options)
  await upstream.put('alice', 'up', tokens)
  const refreshes = () => up.requests.filter(({ form }) => form.get('grant_type') === 'refresh_token').length
  return { ...connection, upstream, tokens, storage, options, refreshes }
}

/** Every record that a storage got. */
function watched() {
  const written: {
    key: { partition: string; collection: string; id: string }
    value: unknown
    revision?: string
  }[] = []
  const inner = createMemoryStorage()
  const storage: Storage = {
    get: (keys, now) => inner.get(keys, now),
    commit(operations, now) {
      for (const operation of operations) if ('value' in operation) written.push(operation)
      return inner.commit(operations, now)
    },
  }
  return { storage, written }
}

describe('upstream tokens', () => {
  it('are used as long as they last, and refreshed a minute before they end', async () => {
    const { upstream, tokens, clock, refreshes } = await kept()
    expect(await upstream.accessToken('alice', 'up')).toBe(tokens.accessToken)
    clock.advance(500)
    expect(await upstream.accessToken('alice', 'up')).toBe(tokens.accessToken)
    expect(refreshes()).toBe(0)
    clock.advance(41)
    const refreshed = await upstream.accessToken('alice', 'up')
    expect(refreshed).not.toBe(tokens.accessToken)
    expect(await upstream.accessToken('alice', 'up')).toBe(refreshed)
    expect(refreshes()).toBe(1)
    clock.advance(541)
    expect(await upstream.accessToken('alice', 'up')).not.toBe(refreshed)
    expect(refreshes()).toBe(2)
  })

  it('UP-23 are sealed, also from the storage’s owner: neither token nor scope is readable', async () => {
    const { storage, written } = watched()
    const { tokens } = await kept(storage)
    const dump = JSON.stringify(written)
    for (const secret of [tokens.accessToken, tokens.refreshToken, tokens.idToken, 'alice', 'openid'])
      expect(dump).not.toContain(secret)
    expect(dump).toMatch(/"sealed":"v1\.[\w-]{11}\./)
  })

  it('UP-23 do not open for another user or provider they were copied to', async () => {
    const { storage, written } = watched()
    const { options, upstream, clock } = await kept(storage)
    const [alice] = written
    const both = createUpstreamTokens({
      ...options,
      providers: [...options.providers, connectOidc({ id: 'other' }).provider],
    })
    for (const [subject, provider] of [
      ['bob', 'up'],
      ['alice', 'other'],
    ] as const) {
      await both.put(subject, provider, { accessToken: 'theirs', refreshToken: 'theirs-refresh' })
      const key = written.at(-1)?.key ?? { partition: '', collection: '', id: '' }
      const [stored] = await storage.get([key], clock.now())
      if (stored === undefined || alice === undefined) throw new Error('nothing was stored')
      const { revision } = stored
      const value = alice.value as string
      await storage.commit([{ type: 'replace', key, revision, value, expiresAt: null }], clock.now())
      await expect(both.accessToken(subject, provider)).rejects.toMatchObject({ code: 'tampered' })
    }
    expect(await upstream.accessToken('alice', 'up')).toBeTruthy()
  })

  it('are refreshed once for all who wait, in one process and in several', async () => {
    const { options, clock, refreshes, tokens } = await kept()
    clock.advance(560)
    const processes = [
      createUpstreamTokens(options),
      createUpstreamTokens(options),
      createUpstreamTokens(options),
    ]
    const got = await Promise.all(
      processes.flatMap((upstream) => Array.from({ length: 20 }, () => upstream.accessToken('alice', 'up'))),
    )
    expect(refreshes()).toBe(1)
    // Who did not refresh goes on with the old token, which lasts a while yet, or gets the new one.
    expect(new Set(got).size).toBeLessThanOrEqual(2)
    expect(got).not.toContain(undefined)
    expect(await processes[2]?.accessToken('alice', 'up')).not.toBe(tokens.accessToken)
    expect(refreshes()).toBe(1)
  })

  it('another process that waits for an expired token is told to come again', async () => {
    const { options, clock, up } = await kept()
    clock.advance(700)
    const results = await Promise.allSettled(
      [createUpstreamTokens(options), createUpstreamTokens(options)].map((upstream) =>
        upstream.accessToken('alice', 'up'),
      ),
    )
    const failed = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => reason as unknown)
    for (const reason of failed)
      expect(reason).toMatchObject({ code: 'temporarily_unavailable', headers: { 'retry-after': '1' } })
    expect(up.requests.filter(({ form }) => form.get('grant_type') === 'refresh_token')).toHaveLength(1)
  })

  it('an outage ends nothing: the next use tries again', async () => {
    const { upstream, clock, up, refreshes } = await kept()
    clock.advance(700)
    for (const status of [500, 503, 429]) {
      up.behave({ outage: status })
      await expect(upstream.accessToken('alice', 'up')).rejects.toMatchObject({
        code: 'temporarily_unavailable',
      })
    }
    up.behave({})
    expect(await upstream.accessToken('alice', 'up')).toBeTruthy()
    expect(refreshes()).toBe(4)
  })

  it('UP-29 what the provider granted is recorded, and what needs more is refused', async () => {
    const connection = connectOidc({ scope: 'openid calendar.read calendar.write' })
    connection.up.behave({ token: (body) => ({ ...body, scope: 'openid calendar.read' }) })
    const { tokens } = await logIn(connection)
    const { provider, clock } = connection
    const upstream = createUpstreamTokens({
      storage: createMemoryStorage(),
      vault: createVault({ secrets }),
      providers: [provider],
      runtime: clock,
    })
    await upstream.put('alice', 'up', tokens)
    expect(await upstream.accessToken('alice', 'up', { scopes: ['calendar.read'] })).toBe(tokens.accessToken)
    await expect(upstream.accessToken('alice', 'up', { scopes: ['calendar.write'] })).rejects.toMatchObject({
      code: 'insufficient_scope',
      message: expect.stringContaining('calendar.write'),
    })
  })

  it('are forgotten here and given back there', async () => {
    const { upstream, up, tokens } = await kept()
    await upstream.end({ subject: 'alice', provider: 'up' })
    await expect(upstream.accessToken('alice', 'up')).rejects.toMatchObject({ code: 'invalid_grant' })
    expect(up.requests.at(-1)?.form.get('token')).toBe(tokens.refreshToken)
  })

  it('refuse an unknown provider, and two of one id', async () => {
    const { upstream, options, provider } = await kept()
    await expect(async () => upstream.accessToken('alice', 'other')).rejects.toThrow('no provider "other"')
    expect(() => createUpstreamTokens({ ...options, providers: [provider, provider] })).toThrow('same id')
  })
})

describe('a grant that stands on a provider', () => {
  async function grant() {
    const connection = connectOidc({}, { accessTokenLifetime: 600 })
    const { provider, up, clock } = connection
    const upstream = createUpstreamTokens({
      storage: createMemoryStorage(),
      vault: createVault({ secrets }),
      providers: [provider],
      runtime: { now: clock.now },
    })
    const test = wholeServer(
      [provider],
      {
        checkGrant: (checked) => upstream.checkGrant(checked),
        onLogin: async (identity, tokens) => {
          const subject = await identityKey(identity)
          await upstream.put(subject, identity.provider, tokens)
          return subject
        },
      },
      clock,
    )
    const { url, verifier } = await leave(test.browser, 'up')
    const { json } = await redeem(test, await test.browser.send(up.login(url).href), verifier)
    const refresh = (token = json.refresh_token) =>
      tokenRequest(test.server, { grant_type: 'refresh_token', refresh_token: token ?? '' })
    return { test, up, clock, refresh, first: json }
  }

  it('goes on as long as the provider refreshes', async () => {
    const { clock, refresh } = await grant()
    clock.advance(650)
    const { status, json } = await refresh()
    expect(status).toBe(200)
    clock.advance(650)
    expect((await refresh(json.refresh_token)).status).toBe(200)
  })

  it('UP-28 RT-20 ends when the provider has ended it: once, with invalid_grant, and for good', async () => {
    const { test, up, clock, refresh, first } = await grant()
    up.endGrants()
    clock.advance(650)
    const { status, json } = await refresh()
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect(test.events).toContainEqual(
      expect.objectContaining({ type: 'grant.revoked', reason: 'provider.ended', provider: 'up' }),
    )
    const asked = up.requests.length
    for (let round = 0; round < 3; round++) expect((await refresh()).json.error).toBe('invalid_grant')
    expect(up.requests).toHaveLength(asked)
    expect(await test.server.introspect(first.access_token ?? '')).toBeUndefined()
  })

  it('UP-28 ends together with every other grant of the user there', async () => {
    const { test, up, clock, refresh } = await grant()
    const browser = createBrowser(test.server)
    const { url, verifier } = await leave(browser, 'up')
    const second = await redeem(test, await browser.send(up.login(url).href), verifier)
    up.endGrants()
    clock.advance(650)
    expect((await refresh()).json.error).toBe('invalid_grant')
    expect((await refresh(second.json.refresh_token)).json.error).toBe('invalid_grant')
  })

  it('RT-20 is left as it was when the provider cannot be asked: 503, and the same token works afterwards', async () => {
    const { up, clock, refresh } = await grant()
    clock.advance(650)
    up.behave({ outage: 503 })
    const { status, json, headers } = await refresh()
    expect([status, json.error]).toEqual([503, 'temporarily_unavailable'])
    expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0)
    expect(json.refresh_token).toBeUndefined()
    up.behave({})
    expect((await refresh()).status).toBe(200)
  })
})
