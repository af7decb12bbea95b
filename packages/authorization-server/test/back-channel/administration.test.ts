// What administrators do about grants, sessions and users
import { describe, expect, it } from 'vitest'
import { authorize, isActive, refresh } from '../support/flow.ts'
import type { Browser } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import type { StorageCall } from '../support/hooked-storage.ts'
import { logoutServer, signedInAtWiki, wiki } from '../support/logout.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'
import { testServer } from '../support/test-server.ts'
import { registered } from '@gatewright/authorization-server'

const isSignedIn = async (browser: Browser) => !(await authorize(browser)).body.includes('id="login"')

/** What the calls have left in the storage, as text. */
function kept(calls: readonly StorageCall[]): string {
  const records = new Map<string, string>()
  for (const operation of calls.flatMap(({ operations }) => operations)) {
    const name = JSON.stringify(operation.key)
    if (operation.type === 'delete') records.delete(name)
    else if (operation.type !== 'check') records.set(name, JSON.stringify(operation))
  }
  return [...records.values()].join('\n')
}

describe('the grants', () => {
  it('are listed by user, by client, and by session of a user', async () => {
    const { test, claims } = await signedInAtWiki()
    await signedInAtWiki({ test, clientId: 'notes' })
    await signedInAtWiki({ test, username: 'bob' })
    const { grants } = test.server
    const who = async (selection: Parameters<typeof grants.list>[0]) =>
      (await grants.list(selection)).map(({ subject, clientId }) => `${subject} ${clientId}`).toSorted()
    expect(await who({ subject: 'alice' })).toEqual(['alice notes', 'alice wiki'])
    expect(await who({ clientId: 'wiki' })).toEqual(['alice wiki', 'bob wiki'])
    expect(await who({ subject: 'alice', clientId: 'wiki' })).toEqual(['alice wiki'])
    expect(await who({ subject: 'alice', sid: String(claims.sid) })).toEqual(['alice wiki'])
    expect(await who({ subject: 'nobody' })).toEqual([])
    expect(await who({ clientId: 'nobody' })).toEqual([])
  })

  it('end together by client: signed and opaque access tokens and refresh tokens at once', async () => {
    for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
      const test = testServer({ accessTokenFormat })
      const alice = await obtainTokens(test)
      const bob = await obtainTokens(test, {}, { username: 'bob' })
      const other = await obtainTokens(test, { client_id: 'pub' })
      expect(await test.server.introspect(alice.accessToken ?? '')).toBeDefined()
      expect(await test.server.grants.revokeAll({ clientId: 'claude-desktop-mcp' })).toBe(2)
      for (const { accessToken, refreshToken } of [alice, bob]) {
        expect(await test.server.introspect(accessToken ?? '')).toBeUndefined()
        expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
      }
      expect(await test.server.introspect(other.accessToken ?? '')).toBeDefined()
      expect(eventsOf(test, 'grant.revoked').map(({ reason }) => reason)).toEqual([
        'administrator',
        'administrator',
      ])
      expect(await test.server.grants.revokeAll({ clientId: 'claude-desktop-mcp' })).toBe(0)
    }
  })
})

describe('the users', () => {
  it('have sessions that can be listed and ended one by one', async () => {
    const { test, browser, claims, accessToken } = await signedInAtWiki()
    const second = await signedInAtWiki({ test })
    const { users } = test.server
    expect(new Set((await users.sessions('alice')).map(({ sid }) => sid))).toEqual(
      new Set([claims.sid, second.claims.sid]),
    )
    expect(await users.endSession(String(claims.sid), { subject: 'bob' })).toBe(false)
    expect(await users.endSession(String(claims.sid), { subject: 'alice' })).toBe(true)
    expect(await users.endSession(String(claims.sid), { subject: 'alice' })).toBe(false)
    expect(await isSignedIn(browser)).toBe(false)
    expect(await isActive(test, accessToken)).toBe(false)
    expect(await isSignedIn(second.browser)).toBe(true)
    expect(await users.sessions('alice')).toHaveLength(1)
  })

  it('RT-16 lose all sessions and grants after a change of the password, or the sessions only', async () => {
    for (const keep of [undefined, { grants: true }]) {
      const test = logoutServer()
      const { browser } = await signedInAtWiki({ test })
      const app = await signedInAtWiki({ test, browser, scope: 'read:application' })
      const bob = await signedInAtWiki({ test, username: 'bob' })
      await test.server.users.signOut('alice', keep)
      expect(await isSignedIn(browser)).toBe(false)
      expect(await isActive(test, app.accessToken)).toBe(keep !== undefined)
      expect(await isSignedIn(bob.browser)).toBe(true)
      expect(await isActive(test, bob.accessToken)).toBe(true)
    }
  })

  it('PV-11 can be erased: nothing with their name is left, and the audit has a hash of it', async () => {
    const { storage, calls } = hookedStorage()
    const test = logoutServer({ storage, clients: [registered({ ...wiki, consent: 'once' })] })
    const { accessToken, refreshToken } = await signedInAtWiki({ test })
    expect(kept(calls)).toContain('alice')
    await signedInAtWiki({ test })
    await signedInAtWiki({ test, username: 'bob' })
    await test.server.users.erase('alice')
    expect(await isActive(test, accessToken)).toBe(false)
    const refreshed = await refresh(test, refreshToken, { client_id: 'wiki', client_secret: 'wiki-secret' })
    expect(refreshed.json.error).toBe('invalid_grant')
    expect(await test.server.users.sessions('alice')).toEqual([])
    expect(await test.server.grants.list({ subject: 'alice' })).toEqual([])
    expect(kept(calls)).not.toContain('alice')
    expect(kept(calls)).toContain('bob')
    const erased = eventsOf(test, 'user.erased')
    expect(erased).toHaveLength(1)
    expect(erased[0]?.subject).toMatch(/^[\w-]{43}$/)
  })
})
