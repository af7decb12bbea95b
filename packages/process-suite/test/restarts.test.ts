import { expect, it } from 'vitest'
import { describeStores } from './support/describe-stores.ts'
import type { Answer } from './support/client.ts'

const pause = (milliseconds: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

describeStores('a database that goes away under load,', (open) => {
  it('CC-09 is 503 temporarily_unavailable only, and both processes go on when it is back', async () => {
    const { pair, store } = open()
    const { client, origins } = pair
    const codes = []
    for (let count = 0; count < 12; count++) codes.push(await client.obtainCode())
    const spare = codes.splice(8)
    const state = { going: true, failures: [] as Answer[] }

    /** Refreshes again and again, and asks again with the same token when it is told to. */
    const chains = await Promise.all(
      codes.map(async (code, index) => {
        const at = origins[index % 2] ?? origins[0]
        const first = await client.redeem(at, code)
        const chain = { links: 0, broken: undefined as Answer | undefined }
        const finished = (async () => {
          let token = first.json.refresh_token
          while (state.going && chain.broken === undefined) {
            const answer = await client.refresh(at, token)
            if (answer.status === 200) {
              token = answer.json.refresh_token
              chain.links++
            } else if (answer.status === 503) {
              state.failures.push(answer)
              await pause(50)
            } else chain.broken = answer
          }
          return token
        })()
        return { chain, finished, at }
      }),
    )
    const untilAll = async (more: number) => {
      const before = chains.map(({ chain }) => chain.links)
      while (chains.some(({ chain }, index) => chain.links < (before[index] ?? 0) + more)) {
        for (const { chain } of chains) expect(chain.broken).toBeUndefined()
        await pause(10)
      }
    }

    await untilAll(3)
    const bringBack = await store.interrupt()
    const failed = state.failures.length
    // A code that is redeemed again and again while the database is away, until somebody answers.
    const redemptions = spare.map(async (code, index) => {
      const answers: Answer[] = []
      do {
        answers.push(await client.redeem(origins[index % 2] ?? origins[0], code))
        await pause(50)
      } while (answers.at(-1)?.status === 503)
      return answers
    })
    while (state.failures.length < failed + 2) await pause(20)
    await bringBack()
    await untilAll(3)
    state.going = false

    expect(state.failures.map(({ json }) => json.error)).toEqual(
      state.failures.map(() => 'temporarily_unavailable'),
    )
    for (const { chain, finished, at } of chains) {
      expect(chain.broken).toBeUndefined()
      expect((await client.refresh(at, await finished)).status).toBe(200)
    }
    for (const answers of await Promise.all(redemptions)) {
      const last = answers.at(-1)
      expect(answers.slice(0, -1).map(({ status }) => status)).toEqual(answers.slice(0, -1).map(() => 503))
      // A commit whose answer was lost has used the code: then there is no second one.
      expect([200, 400]).toContain(last?.status)
    }
    const processes = await Promise.race([
      ...pair.programs.map(async (program) => (await program.ended).complaints),
      pause(1).then(() => 'both run'),
    ])
    expect(processes).toBe('both run')
  }, 180_000)
})
