import type { Listing, Storage } from '@gatewright/storage'
import { hookedStorage } from './hooked-storage.ts'

/** Something that runs against a storage of its own handle, one round trip at a time. */
export interface Actor {
  readonly storage: Storage & Listing
  /** Starts it; from here on each round trip waits for its turn. */
  start(work: () => Promise<unknown>): Promise<unknown>
  /** Resolves when it waits for its turn or has ended. */
  settled(): Promise<void>
  isWaiting(): boolean
  /** Lets its next round trip happen. */
  release(): void
}

export function createActor(inner: Storage & Listing): Actor {
  let started = false
  let ended = false
  let turn: (() => void) | undefined
  let observers: (() => void)[] = []
  const notify = () => {
    for (const observer of observers.splice(0)) observer()
  }
  const before = () => {
    if (!started) return undefined
    return new Promise<void>((resolve) => {
      turn = resolve
      notify()
    })
  }
  return {
    storage: hookedStorage({ before }, inner).storage,
    async start(work) {
      started = true
      try {
        return await work()
      } finally {
        ended = true
        notify()
      }
    },
    settled: async () => {
      if (turn === undefined && !ended) await new Promise<void>((resolve) => observers.push(resolve))
    },
    isWaiting: () => turn !== undefined,
    release() {
      const go = turn
      turn = undefined
      go?.()
    },
  }
}

/** One race: what runs at once, and what must be true of the results whatever the order was. */
export interface Race<T> {
  readonly actors: readonly { readonly actor: Actor; readonly work: () => Promise<T> }[]
  readonly check: (results: readonly T[], order: string) => Promise<void>
}

/** Runs a race in every order in which its round trips can happen, each from a fresh start. Gives the number of orders. */
export async function everyInterleaving<T>(prepare: () => Promise<Race<T>>): Promise<number> {
  let plan: number[] = []
  for (let count = 1; ; count++) {
    const taken: { choice: number; options: number }[] = []
    const { actors, check } = await prepare()
    const results = actors.map(({ actor, work }) => actor.start(work) as Promise<T>)
    let order = ''
    for (;;) {
      await Promise.all(actors.map(({ actor }) => actor.settled()))
      const waiting = actors.filter(({ actor }) => actor.isWaiting())
      if (waiting.length === 0) break
      const choice = waiting.length === 1 ? 0 : (plan[taken.length] ?? 0)
      if (waiting.length > 1) taken.push({ choice, options: waiting.length })
      const next = waiting[choice]
      order += next === undefined ? '' : String(actors.indexOf(next))
      next?.actor.release()
    }
    await check(await Promise.all(results), order)
    while (taken.length > 0 && isLast(taken.at(-1))) taken.pop()
    if (taken.length === 0) return count
    plan = taken.map(({ choice }, index) => (index === taken.length - 1 ? choice + 1 : choice))
  }
}

function isLast(step: { choice: number; options: number } | undefined): boolean {
  return step !== undefined && step.choice + 1 === step.options
}
