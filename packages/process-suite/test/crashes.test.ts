import { expect, it } from 'vitest'
import { describeStores } from './support/describe-stores.ts'
import type { Answer } from './support/client.ts'

describeStores('of two processes the one that is killed', (open) => {
  const moments = ['before', 'after'] as const
  const trips = [1, 2]

  /** Kills the second process right before or after each round trip of what it is asked, and starts it again. */
  async function killAtEach<T>(
    prepare: () => Promise<T>,
    act: (origin: string, prepared: T) => Promise<Answer>,
    check: (prepared: T, where: string) => Promise<unknown>,
  ): Promise<unknown[]> {
    const { pair } = open()
    const seen: unknown[] = []
    for (const at of trips)
      for (const moment of moments) {
        const prepared = await prepare()
        await pair.programs[1].tell({ name: 'die', moment, at })
        expect((await act(pair.origins[1], prepared)).status).toBe('lost')
        expect((await pair.programs[1].ended).status).toBe('SIGKILL')
        await pair.restartSecond()
        seen.push(await check(prepared, `${moment} round trip ${at}`))
      }
    return seen
  }

  const prepareTokens = async () => {
    const { client, origins } = open().pair
    return (await client.redeem(origins[0], await client.obtainCode())).json
  }

  it('CC-07 in the middle of a redemption has issued nothing, or has used the code', async () => {
    const { client, origins } = open().pair
    const seen = await killAtEach(
      () => client.obtainCode(),
      (at, code) => client.redeem(at, code),
      async (code, where) => {
        const again = await client.redeem(origins[1], code)
        const more = await client.redeem(origins[0], code)
        // Whatever the first one left, at most one success in all, and then the replay has ended it.
        expect(more.json.error, where).toBe('invalid_grant')
        if (again.status === 200)
          expect(await client.isActive(origins[0], again.json.access_token)).toBe(false)
        return again.status === 200 ? 'code unused' : again.json.error
      },
    )
    expect(seen).toEqual(['code unused', 'code unused', 'code unused', 'invalid_grant'])
  }, 180_000)

  it('CC-08 in the middle of a rotation leaves the client its one successor', async () => {
    const { client, origins } = open().pair
    await killAtEach(
      prepareTokens,
      (at, tokens) => client.refresh(at, tokens.refresh_token),
      async (tokens, where) => {
        // What was promised before is there.
        expect(await client.isActive(origins[1], tokens.access_token), where).toBe(true)
        const answers = [
          await client.refresh(origins[1], tokens.refresh_token),
          await client.refresh(origins[0], tokens.refresh_token),
        ]
        expect(
          answers.map(({ status }) => status),
          where,
        ).toEqual([200, 200])
        expect(answers[0]?.json).toEqual(answers[1]?.json)
        const next = await client.refresh(origins[1], answers[0]?.json.refresh_token)
        expect(next.status, where).toBe(200)
        expect((await client.refresh(origins[0], tokens.refresh_token)).json.error).toBe('invalid_grant')
      },
    )
  }, 180_000)

  it('CC-07 in the middle of a revocation has ended everything, or nothing, and a repetition ends it', async () => {
    const { client, origins } = open().pair
    const seen = await killAtEach(
      prepareTokens,
      (at, tokens) => client.revoke(at, tokens.refresh_token),
      async (tokens) => {
        const active = await client.isActive(origins[1], tokens.access_token)
        expect(await client.isActive(origins[0], tokens.access_token)).toBe(active)
        expect((await client.revoke(origins[1], tokens.refresh_token)).status).toBe(200)
        expect(await client.isActive(origins[0], tokens.access_token)).toBe(false)
        expect((await client.refresh(origins[0], tokens.refresh_token)).json.error).toBe('invalid_grant')
        return active
      },
    )
    expect(seen).toEqual([true, true, true, false])
  }, 180_000)

  it('CC-07 under load at any moment has issued nothing twice, and lost nothing that it promised', async () => {
    const { pair } = open()
    const { client, origins } = pair
    // Each process is called 20 times, and each call makes one round trip or more.
    for (const at of [3, 11, 20]) {
      const [codes, tokens] = [[], []] as [Awaited<ReturnType<typeof client.obtainCode>>[], Answer['json'][]]
      for (let count = 0; count < 10; count++) {
        codes.push(await client.obtainCode())
        tokens.push(await prepareTokens())
      }
      await pair.programs[1].tell({ name: 'die', moment: at % 2 === 0 ? 'before' : 'after', at })
      const work = [
        ...codes.flatMap((code) => origins.map((to) => () => client.redeem(to, code))),
        ...tokens.flatMap((one) => origins.map((to) => () => client.refresh(to, one.refresh_token))),
      ]
      const answers = await Promise.all(work.map((run) => run()))
      expect(answers.some(({ status }) => status === 'lost')).toBe(true)
      await pair.restartSecond()
      for (const [index, code] of codes.entries()) {
        const first = answers.slice(index * 2, index * 2 + 2)
        const again = await client.redeem(origins[1], code)
        expect([...first, again].filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
      }
      for (const [index, one] of tokens.entries()) {
        const first = answers.slice(codes.length * 2 + index * 2).slice(0, 2)
        const again = await client.refresh(origins[1], one.refresh_token)
        const successors = [...first, again].flatMap(({ json }) => json.refresh_token ?? [])
        expect(new Set(successors).size).toBe(1)
        expect((await client.refresh(origins[0], again.json.refresh_token)).status).toBe(200)
      }
    }
  }, 180_000)
})
