import { Redis } from 'ioredis'
import pg from 'pg'
import { expect, it } from 'vitest'
import { describeStores } from './support/describe-stores.ts'
import type { StoreKind } from './support/stores.ts'
import { stores } from './support/stores.ts'

/** Lets every call of a database hang until what it returns is called; SQLite answers or refuses by itself. */
const hang: Readonly<Record<string, (url: string) => Promise<() => Promise<unknown>>>> = {
  async [stores.postgres.name](url) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('begin; lock table gatewright_records in access exclusive mode')
    return async () => {
      await client.query('commit')
      await client.end()
    }
  },
  async [stores.redis.name](url) {
    const redis = new Redis(url)
    await redis.call('CLIENT', 'PAUSE', '7000', 'ALL')
    return async () => {
      // Answered only when the pause is over.
      await redis.ping()
      redis.disconnect()
    }
  },
}

const canHang: StoreKind[] = [stores.postgres, stores.redis]

describeStores(
  'a database that does not answer,',
  (open) => {
    it('DS-14 is a 503 after five seconds at every endpoint, however many ask, and nothing is held back afterwards', async () => {
      const { pair, store } = open()
      const { client, origins } = pair
      const tokens = (await client.redeem(origins[0], await client.obtainCode())).json
      const codes = []
      for (let count = 0; count < 12; count++) codes.push(await client.obtainCode())
      const resume = await hang[open().kind.name]?.(store.url)
      const started = performance.now()
      const authorize = `${origins[0]}/authorize?client_id=claude-desktop-mcp&response_type=code`
      const statuses = await Promise.all([
        ...codes.map(async (code) => (await client.redeem(origins[0], code)).status),
        ...codes.map(async () => (await client.refresh(origins[1], tokens.refresh_token)).status),
        (async () => (await client.revoke(origins[0], tokens.refresh_token)).status)(),
        client.isActive(origins[0], tokens.access_token).catch((error: unknown) => String(error)),
        (async () =>
          (
            await fetch(`${origins[0]}/userinfo`, {
              headers: { authorization: `Bearer ${tokens.access_token}` },
            })
          ).status)(),
        (async () => (await fetch(authorize, { redirect: 'manual' })).status)(),
      ])
      const seconds = (performance.now() - started) / 1000
      await resume?.()
      expect(statuses.slice(0, 25)).toEqual(Array.from({ length: 25 }, () => 503))
      expect(statuses[25]).toMatch(/503/)
      expect(statuses[26]).toBe(503)
      expect(seconds).toBeGreaterThan(4)
      expect(seconds).toBeLessThan(20)
      // Nothing was used up and no connection is lost: all go on, at once.
      const after = await Promise.all(codes.map(() => client.refresh(origins[1], tokens.refresh_token)))
      expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]))
    }, 60_000)
  },
  {},
  canHang,
)
