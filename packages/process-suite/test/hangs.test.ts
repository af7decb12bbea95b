import { expect, it } from 'vitest'
import { describeStores } from './support/describe-stores.ts'
import { stores } from './support/stores.ts'

describeStores(
  'a database that does not answer,',
  (open) => {
    it('DS-14 is a 503 after five seconds at every endpoint, however many ask, and nothing is held back afterwards', async () => {
      const { pair, store } = open()
      const { client, origins } = pair
      const tokens = (await client.redeem(origins[0], await client.obtainCode())).json
      const codes = []
      for (let count = 0; count < 12; count++) codes.push(await client.obtainCode())
      const resume = await store.hang?.()
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
      expect(seconds).toBeLessThan(9)
      // Nothing was used up and no connection is lost: all go on, at once.
      const after = await Promise.all(codes.map(() => client.refresh(origins[1], tokens.refresh_token)))
      expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]))
    }, 180_000)
  },
  {},
  [stores.postgres, stores.redis],
)
