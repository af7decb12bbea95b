import type { Json, Stored } from '@gatewright/storage'
import { commitRounds } from '../grants/commit-rounds.ts'
import { unchangedPlan } from './key-plan.ts'
import type { KeyPlan } from './key-plan.ts'
import type { KeyServices } from './signing-keys.ts'

/** Milliseconds that a process may work by a plan that another one has changed. */
const freshness = 30_000

/** Where the plan of one server's keys is kept. */
export interface KeyPlanStore {
  /** The plan, at most half a minute old. */
  read(now: number): Promise<KeyPlan>
  /** Changes the plan for every process. */
  change(next: (plan: KeyPlan) => KeyPlan, now: number): Promise<void>
}

/** Opens the plan of the keys of one algorithm and period. */
export function createKeyPlanStore(name: string, { storage, partition }: KeyServices): KeyPlanStore {
  const key = { partition, collection: 'signing_key_plans', id: name }
  const load = async (now: number) => {
    const [stored] = await storage.get([key], now)
    return stored as Stored<KeyPlan> | undefined
  }
  let known: { readonly plan: Promise<KeyPlan>; readonly at: number } | undefined

  return {
    read(now) {
      if (known !== undefined && known.at <= now && now < known.at + freshness) return known.plan
      const before = known
      const loading: typeof known = {
        at: now,
        plan: load(now).then(
          (stored) => stored?.value ?? unchangedPlan,
          (error: unknown) => {
            // Without its storage the server can issue and check nothing; its public keys it still has.
            if (known === loading) known = before
            if (before === undefined) throw error
            return before.plan
          },
        ),
      }
      known = loading
      return loading.plan
    },
    async change(next, now) {
      await commitRounds(async () => {
        const stored = await load(now)
        const value = next(stored?.value ?? unchangedPlan) as unknown as Json
        const operation =
          stored === undefined
            ? ({ type: 'insert', key, value, expiresAt: null } as const)
            : ({ type: 'replace', key, revision: stored.revision, value, expiresAt: null } as const)
        return (await storage.commit([operation], now)) ? true : undefined
      })
      known = undefined
    },
  }
}
