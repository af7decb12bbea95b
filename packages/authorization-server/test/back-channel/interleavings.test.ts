// RFC 7009 §2: https://www.rfc-editor.org/rfc/rfc7009.html#section-2
import type { AccessTokenFormat } from '@gatewright/authorization-server'
import type { Listing, Storage } from '@gatewright/storage'
import { describe, expect, it } from 'vitest'
import { obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage, replay } from '../support/hooked-storage.ts'
import { createActor, everyInterleaving } from '../support/interleavings.ts'
import { as, serviceServer } from '../support/service-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

type Answer = Awaited<ReturnType<typeof post>>
type Work = (test: TestServer) => Promise<Answer | boolean>

/** Prepares once what every order of a race starts from. */
async function stage<T>(
  participants: number,
  prepare: (test: TestServer) => Promise<T>,
  accessTokenFormat: AccessTokenFormat = 'jwt',
) {
  const serverOver = (storage: Storage & Listing) => serviceServer({ storage, accessTokenFormat })
  const { storage, calls } = hookedStorage()
  const prepared = await prepare(serverOver(storage))
  const start = async () => {
    const store = await replay(calls)
    const actors = Array.from({ length: participants }, () => {
      const actor = createActor(store)
      return { actor, test: serverOver(actor.storage) }
    })
    // Signing keys are loaded beforehand: their round trips happen once in the life of a process.
    for (const { test } of actors) await test.server.jwks()
    const race = (works: readonly Work[]) =>
      actors.map(({ actor, test }, index) => ({
        actor,
        work: () => works[index]?.(test) ?? Promise.resolve(false),
      }))
    return { judge: serverOver(store), race }
  }
  return { prepared, start }
}

/** What a resource server is told of an access token. */
async function isActive(test: TestServer, token: string | undefined): Promise<boolean> {
  const { status, json } = await post(test, '/introspect', { token }, { basic: as('rs1') })
  expect(status).toBe(200)
  return JSON.stringify(json) !== '{"active":false}'
}

async function expectDead(test: TestServer, ...answers: (Answer | boolean | undefined)[]): Promise<void> {
  for (const answer of answers) {
    if (typeof answer !== 'object' || answer.json.access_token === undefined) continue
    expect(await isActive(test, answer.json.access_token)).toBe(false)
    expect((await refresh(test, answer.json.refresh_token)).json.error).toBe('invalid_grant')
  }
}

const revokeToken =
  (token: string | undefined): Work =>
  (test) =>
    post(test, '/revoke', { client_id: 'claude-desktop-mcp', token })
const revokeAsUser: Work = async (test) => {
  const [grant] = await test.server.grants.list({ subject: 'alice' })
  return test.server.grants.revoke(grant?.grantId ?? '', { subject: 'alice' })
}
const statusOf = (answer: Answer | boolean | undefined) =>
  typeof answer === 'object' ? answer.status : answer

const formats: readonly AccessTokenFormat[] = ['jwt', 'opaque']

describe.each(formats)(
  'revocation racing issuance of %s tokens, in every order of their round trips',
  (format) => {
    it.each([
      ['the client', (token: string | undefined) => revokeToken(token)],
      ['the user', () => revokeAsUser],
    ])('a refresh and a revocation by %s leave no live token', async (_who, revocation) => {
      const {
        prepared: { accessToken, refreshToken },
        start,
      } = await stage(2, obtainTokens, format)
      const orders = await everyInterleaving(async () => {
        const { judge, race } = await start()
        return {
          actors: race([(test) => refresh(test, refreshToken), revocation(refreshToken)]),
          async check(results) {
            expect([200, true]).toContain(statusOf(results[1]))
            await expectDead(judge, results[0])
            expect(await isActive(judge, accessToken)).toBe(false)
            expect(await judge.server.grants.list({ subject: 'alice' })).toEqual([])
          },
        }
      })
      expect(orders).toBeGreaterThanOrEqual(6)
    })

    it('a redemption and a revocation by the user leave no live token', async () => {
      const { prepared: code, start } = await stage(2, obtainCode, format)
      const orders = await everyInterleaving(async () => {
        const { judge, race } = await start()
        return {
          actors: race([(test) => redeem(test, code), revokeAsUser]),
          async check(results) {
            expect(results[1]).toBe(true)
            await expectDead(judge, results[0])
            expect((await redeem(judge, code)).json.error).toBe('invalid_grant')
          },
        }
      })
      expect(orders).toBeGreaterThanOrEqual(6)
    })

    it('two refreshes and a revocation leave no live token', async () => {
      const {
        prepared: { refreshToken },
        start,
      } = await stage(3, obtainTokens, format)
      const orders = await everyInterleaving(async () => {
        const { judge, race } = await start()
        const again: Work = (test) => refresh(test, refreshToken)
        return {
          actors: race([again, again, revokeToken(refreshToken)]),
          check: (results) => expectDead(judge, ...results),
        }
      })
      expect(orders).toBeGreaterThan(50)
    })

    it('a refresh and the revocation of an access token: the one token is dead, the rest goes on', async () => {
      const {
        prepared: { accessToken, refreshToken },
        start,
      } = await stage(2, obtainTokens, format)
      await everyInterleaving(async () => {
        const { judge, race } = await start()
        return {
          actors: race([(test) => refresh(test, refreshToken), revokeToken(accessToken)]),
          async check(results) {
            expect(results.map(statusOf)).toEqual([200, 200])
            expect(await isActive(judge, accessToken)).toBe(false)
            const [next] = results
            expect(await isActive(judge, typeof next === 'object' ? next.json.access_token : '')).toBe(true)
          },
        }
      })
    })
  },
)

describe('redemptions and refreshes racing each other, in every order of their round trips', () => {
  it('of two redemptions one is 200, and nothing of it lives', async () => {
    const { prepared: code, start } = await stage(2, obtainCode)
    await everyInterleaving(async () => {
      const { judge, race } = await start()
      const again: Work = (test) => redeem(test, code)
      return {
        actors: race([again, again]),
        async check(results) {
          expect([
            [200, 400],
            [400, 200],
          ]).toContainEqual(results.map(statusOf))
          await expectDead(judge, ...results)
        },
      }
    })
  })

  it('two refreshes get one and the same successor, which lives', async () => {
    const {
      prepared: { refreshToken },
      start,
    } = await stage(2, obtainTokens)
    await everyInterleaving(async () => {
      const { judge, race } = await start()
      const again: Work = (test) => refresh(test, refreshToken)
      return {
        actors: race([again, again]),
        async check(results) {
          const [one, two] = results.map((answer) => (typeof answer === 'object' ? answer.json : {}))
          expect(one).toEqual(two)
          expect((await refresh(judge, one?.refresh_token)).status).toBe(200)
        },
      }
    })
  })

  it('a repetition and the use of the successor: the answer of before, or a reuse that ends everything', async () => {
    const outcomes = new Set<string>()
    const {
      prepared: { refreshToken },
      start,
    } = await stage(2, obtainTokens)
    await everyInterleaving(async () => {
      const { judge, race } = await start()
      const first = await refresh(judge, refreshToken)
      return {
        actors: race([
          (test) => refresh(test, refreshToken),
          (test) => refresh(test, first.json.refresh_token),
        ]),
        async check([repetition, use]) {
          const outcome = [statusOf(repetition), statusOf(use)].join()
          outcomes.add(outcome)
          if (outcome === '200,200') expect(repetition).toMatchObject({ json: first.json })
          else await expectDead(judge, first, use)
        },
      }
    })
    expect(outcomes).toEqual(new Set(['200,200', '400,200']))
  })

  it('a fifth wrong verifier and the right one: the code is dead or redeemed, and never both', async () => {
    const outcomes = new Set<unknown>()
    const { prepared: code, start } = await stage(2, obtainCode)
    await everyInterleaving(async () => {
      const { judge, race } = await start()
      const wrong: Work = (test) => redeem(test, code, { code_verifier: 'w'.repeat(43) })
      for (let count = 0; count < 4; count++) await wrong(judge)
      return {
        actors: race([(test) => redeem(test, code), wrong]),
        async check([right]) {
          outcomes.add(statusOf(right))
          if (typeof right !== 'object') throw new Error('no answer')
          if (right.status === 200) expect(await isActive(judge, right.json.access_token)).toBe(true)
          else expect(await judge.server.grants.list({ subject: 'alice' })).toEqual([])
        },
      }
    })
    expect(outcomes).toEqual(new Set([200, 400]))
  })
})
