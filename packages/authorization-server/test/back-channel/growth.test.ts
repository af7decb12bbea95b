// What is left in the storage in the long run.
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import { claimsOf, obtainCode, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { testServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

/** Records by collection that a storage holds after a number of rotations, and the bytes of the grant at each. */
async function rotate(count: number, options: Parameters<typeof testServer>[0] = {}) {
  const { storage, calls } = hookedStorage()
  const test = testServer({ storage, ...options })
  let { accessToken, refreshToken } = await obtainTokens(test)
  const { grant_id: grantId } = claimsOf(accessToken) as { grant_id: string }
  const alive = new Set<string>()
  const sizes: number[] = []
  for (let rotation = 0; rotation <= count; rotation++) {
    for (const operation of calls.splice(0).flatMap(({ operations }) => operations)) {
      if (!operation.key.partition.endsWith(`:g:${grantId}`)) continue
      const name = `${operation.key.collection}/${operation.key.id}`
      if (operation.type === 'delete') alive.delete(name)
      else alive.add(name)
      if (operation.key.collection === 'grants' && 'value' in operation)
        sizes.push(JSON.stringify(operation.value).length)
    }
    if (rotation === count) break
    test.clock.advance(60)
    const { status, json } = await refresh(test, refreshToken)
    if (status !== 200) throw new Error(`rotation ${rotation}: ${json.error}`)
    refreshToken = json.refresh_token
  }
  const collections = [...alive].map((name) => name.slice(0, name.indexOf('/')))
  return { alive: new Set(collections), count: alive.size, sizes }
}

describe('what a grant takes', () => {
  it('RT-22 1,000 rotations leave one grant record below 1 KB and one sealed answer', async () => {
    const { alive, count, sizes } = await rotate(1000)
    expect([alive, count]).toEqual([new Set(['grants', 'refresh_repeats']), 2])
    expect(Math.max(...sizes)).toBeLessThan(1024)
    // What the code needed is gone after its minute.
    expect((sizes[1] ?? 0) - (sizes[5] ?? 0)).toBeGreaterThan(150)
    // What grows is the number of digits of the generation.
    expect((sizes.at(-1) ?? 0) - (sizes[5] ?? 0)).toBeLessThanOrEqual(3)
  }, 60_000)

  it('RT-22 a grant as large as real ones get stays below 1 KB', async () => {
    const { storage, calls } = hookedStorage()
    const subject = 'f7b2f1de-6f0c-4f4c-9c5e-3f2c1f0a9b8d'
    const test = testServer({
      storage,
      findUser: async () => ({}),
      interaction: {
        authenticate: async (_request, { now }) => ({
          subject,
          authenticatedAt: now,
          amr: ['pwd', 'otp', 'mfa'],
        }),
        consent: async ({ scopes }) => ({ scopes: scopes.map(({ name }) => name) }),
      },
    })
    const scope = 'openid profile email offline_access read:application write:application'
    const code = await obtainCode(test, { scope, nonce: 'n'.repeat(43) })
    const { json } = await redeem(test, code)
    const ip = '2001:0db8:85a3:0000:0000:8a2e:0370:7334'
    const body = `grant_type=refresh_token&client_id=claude-desktop-mcp&refresh_token=${json.refresh_token}`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const request = new Request('https://auth.example.com/token', { method: 'POST', headers, body })
    expect((await test.server.handle(request, { ip }))?.status).toBe(200)
    const grant = calls.at(-1)?.operations.find(({ key }) => key.collection === 'grants')
    expect(grant).toMatchObject({ value: { refresh: { rotatedFrom: ip } } })
    expect(JSON.stringify((grant as { value: object }).value).length).toBeLessThan(1024)
  })

  it('RT-22 when grants have ended a sweep leaves nothing but signing keys', async () => {
    const storage = createMemoryStorage()
    const test = testServer({ storage })
    for (let count = 0; count < 5; count++) {
      const { refreshToken } = await obtainTokens(test)
      await refresh(test, refreshToken)
      await redeem(test, await obtainCode(test), { code_verifier: 'w'.repeat(43) })
    }
    test.clock.advance(91 * 86_400)
    const swept = await storage.sweep({ now: test.clock.now(), limit: 1000 })
    expect(swept).toBeGreaterThan(20)
    expect(await storage.sweep({ now: Number.MAX_SAFE_INTEGER, limit: 1000 })).toBeLessThanOrEqual(2)
  })
})
