import { afterAll, beforeAll, describe, it } from 'vitest'
import { startPair } from './pair.ts'
import type { Pair } from './pair.ts'
import { bundlePrograms } from './programs.ts'
import type { Programs } from './programs.ts'
import { stores } from './stores.ts'
import type { Store, StoreKind } from './stores.ts'

/** Two processes over one store, for one group of tests. */
export interface PairOverStore {
  readonly pair: Pair
  readonly store: Store
  readonly programs: Programs
  readonly kind: StoreKind
}

/** Declares tests for every kind of store; one visible skip where a machine does not have it. */
export function describeStores(
  title: string,
  declare: (open: () => PairOverStore) => void,
  environment: Readonly<Record<string, string>> = {},
  kinds: readonly StoreKind[] = Object.values(stores),
): void {
  for (const kind of kinds)
    describe(`${title} over ${kind.name}`, () => {
      if (kind.missing !== undefined) {
        it.skip(kind.missing, () => undefined)
        return
      }
      let programs: Programs | undefined
      let store: Store | undefined
      let pair: Pair | undefined
      beforeAll(async () => {
        programs = await bundlePrograms()
        store = await kind.start()
        pair = await startPair(programs, store, environment)
      }, 180_000)
      afterAll(async () => {
        await programs?.close()
        await store?.remove()
      })
      declare(() => {
        if (programs === undefined || store === undefined || pair === undefined)
          throw new Error('the processes do not run')
        return { pair, store, programs, kind }
      })
    })
}
