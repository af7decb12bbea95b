import { expect, it } from 'vitest'
import { describeStores } from './support/describe-stores.ts'

for (const format of ['jwt', 'opaque'])
  describeStores(
    `the storage calls of a process (${format})`,
    (open) => {
      it('are one get and one commit for a code exchange and for a refresh, one get for a check', async () => {
        const { client, origins, programs } = open().pair
        const [at] = origins
        await client.redeem(at, await client.obtainCode())
        const during = async <T>(work: () => Promise<T>): Promise<[T, unknown]> => {
          await programs[0].tell({ name: 'trips' })
          const result = await work()
          const trips = (await programs[0].tell({ name: 'trips' })) as string[]
          return [result, trips.map((trip) => trip.split(' ')[0])]
        }
        const code = await client.obtainCode()
        const [{ json }, exchange] = await during(() => client.redeem(at, code))
        expect(exchange).toEqual(['get', 'commit'])
        const [next, refresh] = await during(() => client.refresh(at, json.refresh_token))
        expect(refresh).toEqual(['get', 'commit'])
        const [, again] = await during(() => client.refresh(at, next.json.refresh_token))
        expect(again).toEqual(['get', 'commit'])
        const [active, check] = await during(() => client.isActive(at, next.json.access_token))
        expect([active, check]).toEqual([true, ['get']])
        const whoami = {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'whoami', arguments: {} },
        }
        const [status, call] = await during(async () => {
          const response = await fetch(`${at}/mcp`, {
            method: 'POST',
            body: JSON.stringify(whoami),
            headers: {
              authorization: `Bearer ${next.json.access_token}`,
              'content-type': 'application/json',
              accept: 'application/json, text/event-stream',
            },
          })
          await response.text()
          return response.status
        })
        expect([status, call]).toEqual([200, ['get']])
      })
    },
    { ACCESS_TOKEN_FORMAT: format },
  )
