// What clients ask about again and again until a user has answered elsewhere, over one storage that two servers share.
import { migrateStorage, openStorage } from '@gatewright-examples/target/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  cibaServer,
  fetchTokens,
  openLink,
  startBackchannel,
} from '../../authorization-server/test/support/ciba.ts'
import {
  deviceServer,
  enterCode,
  openDevicePage,
  poll,
  startDevice,
} from '../../authorization-server/test/support/device.ts'
import { approve, refresh } from '../../authorization-server/test/support/flow.ts'
import { eventsOf } from '../../authorization-server/test/support/tokens.ts'
import type { TestServer } from '../../authorization-server/test/support/test-server.ts'
import { stores } from './support/stores.ts'
import type { Store } from './support/stores.ts'

const attempts = 20
const desk = { basic: 'desk:desk-secret' }

describe.each(Object.values(stores))('two servers over $name', (kind) => {
  if (kind.missing !== undefined) {
    it.skip(kind.missing, () => undefined)
    return
  }
  let store: Store
  beforeAll(async () => {
    store = await kind.start()
    await migrateStorage(store.url)
  }, 180_000)
  afterAll(() => store.remove())

  const pairOfCiba = () => [1, 2].map(() => cibaServer({}, { storage: openStorage(store.url) }))
  const statuses = (answers: readonly { readonly status: number }[]) =>
    answers.map(({ status }) => status).toSorted((one, other) => one - other)
  const oneOf = (count: number) => [200, ...Array.from({ length: count - 1 }, () => 400)]
  const race = <T>(servers: readonly TestServer[], run: (test: TestServer) => Promise<T>) =>
    Promise.all(Array.from({ length: attempts }, (_, index) => run(servers[index % 2] as TestServer)))

  it('a request in the background is asked at one, answered at the other, and good once', async () => {
    const [{ test: one, asked }, { test: two }] = pairOfCiba() as [Ciba, Ciba]
    const { id } = await startBackchannel(one)
    expect((await fetchTokens(one, id)).json.error).toBe('authorization_pending')
    // The pace is one pace, whichever server is asked.
    expect((await fetchTokens(two, id)).json.error).toBe('slow_down')
    const page = await openLink(two, asked[0]?.url ?? '')
    await approve(page.browser, page.body)
    for (const { clock } of [one, two]) clock.advance(10)
    const answers = await race([one, two], (test) => fetchTokens(test, id))
    expect(statuses(answers)).toEqual(oneOf(attempts))
    // Those that came second are replays, so what the first got is good for nothing any more.
    const won = answers.find(({ status }) => status === 200)?.json
    const refreshed = await refresh(two, won?.refresh_token, { client_id: undefined }, desk)
    expect(refreshed.json.error).toBe('invalid_grant')
    expect(await two.server.introspect(won?.access_token ?? '')).toBeUndefined()
    expect([...eventsOf(one, 'token.issued'), ...eventsOf(two, 'token.issued')]).toHaveLength(1)
  })

  it('what it gives is refreshed at the other, and ends with the grant', async () => {
    const [{ test: one, asked }, { test: two }] = pairOfCiba() as [Ciba, Ciba]
    const { id } = await startBackchannel(one)
    const page = await openLink(one, asked[0]?.url ?? '')
    await approve(page.browser, page.body)
    const { json } = await fetchTokens(two, id)
    const next = await refresh(one, json.refresh_token, { client_id: undefined }, desk)
    expect(next.status).toBe(200)
    expect(await one.server.introspect(next.json.access_token ?? '')).toBeDefined()
    const [grant] = await two.server.grants.list({ subject: 'alice', clientId: 'desk' })
    await two.server.grants.revoke(grant?.grantId ?? '', { subject: 'alice' })
    expect(await one.server.introspect(next.json.access_token ?? '')).toBeUndefined()
  })

  it('of a page and a function that answer at the same moment one counts', async () => {
    const [{ test: one, asked }, { test: two }] = pairOfCiba() as [Ciba, Ciba]
    const { id } = await startBackchannel(one)
    const { browser, body } = await openLink(one, asked[0]?.url ?? '')
    const [page, denied] = await Promise.all([
      approve(browser, body),
      two.server.authenticationRequests.deny(asked[0]?.id ?? '', { subject: 'alice' }),
    ])
    expect(page.response.status === 200).toBe(!denied)
    expect((await fetchTokens(two, id)).status).toBe(denied ? 400 : 200)
  })

  it('a request in the background ends when its time is over', async () => {
    const [{ test: one, asked }, { test: two }] = pairOfCiba() as [Ciba, Ciba]
    const { id } = await startBackchannel(one, { requested_expiry: '60' })
    const page = await openLink(two, asked[0]?.url ?? '')
    for (const { clock } of [one, two]) clock.advance(61)
    expect((await approve(page.browser, page.body)).response.status).toBe(400)
    expect((await fetchTokens(one, id)).json.error).toBe('expired_token')
  })

  it('CC-04 a device code that is approved at one is redeemed by one of many requests at both', async () => {
    const [one, two] = [1, 2].map(() => deviceServer({}, { storage: openStorage(store.url) })) as [
      TestServer,
      TestServer,
    ]
    const { json: started } = await startDevice(one)
    const { browser, page } = await openDevicePage(two)
    await approve(browser, (await enterCode(browser, page, started.user_code)).body)
    const answers = await race([one, two], (test) => poll(test, started.device_code))
    expect(statuses(answers)).toEqual(oneOf(attempts))
  })
})

type Ciba = ReturnType<typeof cibaServer>
