/** What an administrator has changed about the keys that the clock alone would give. */
export interface KeyPlan {
  readonly schema: 1
  /** Generations of keys, oldest first: the last that has begun signs. `from` is milliseconds. */
  readonly generations: readonly { readonly number: number; readonly from: number }[]
  /** Keys that nobody may trust any more, until nothing that they signed could still be in use. */
  readonly retired: readonly { readonly kid: string; readonly until: number }[]
}

/** When keys follow each other, in milliseconds. */
export interface KeySchedule {
  readonly period: number
  readonly ahead: number
  readonly keep: number
}

/** One key's place in the plan: it signs from `from` until `until`. */
export interface KeySlot {
  readonly generation: number
  readonly period: number
  readonly from: number
  readonly until: number
}

/** The plan as long as nobody has changed it. */
export const unchangedPlan: KeyPlan = { schema: 1, generations: [{ number: 0, from: 0 }], retired: [] }

/** The slots whose keys are published now, in the order in which they sign. */
export function publishedSlots({ generations }: KeyPlan, schedule: KeySchedule, now: number): KeySlot[] {
  const current = Math.floor(now / schedule.period)
  // Neither `ahead` nor `keep` is longer than a period.
  const periods = [current - 1, current, current + 1]
  return generations
    .flatMap(({ number: generation, from }, index) => {
      const end = generations[index + 1]?.from ?? Infinity
      return periods.map((period) => ({
        generation,
        period,
        from: Math.max(from, period * schedule.period),
        until: Math.min(end, (period + 1) * schedule.period),
      }))
    })
    .filter(({ from, until }) => from < until)
    .filter(({ from, until }) => now >= from - schedule.ahead && now < until + schedule.keep)
}

/** Whether the key of a slot signs at an instant. */
export function signsAt({ from, until }: KeySlot, now: number): boolean {
  return from <= now && now < until
}

/** The plan with a generation that begins at an instant, in place of one that has not begun yet. */
export function withGeneration(plan: KeyPlan, from: number, schedule: KeySchedule, now: number): KeyPlan {
  const { generations } = plan
  const number = Math.max(...generations.map((generation) => generation.number)) + 1
  const begun = generations.filter((generation) => generation.from <= now)
  // What ended so long ago that none of its keys is published needs no mention.
  const kept = begun.filter((_, index) => (begun[index + 1]?.from ?? Infinity) + schedule.keep > now)
  return { ...plan, generations: [...kept, { number, from }] }
}

/** The plan with a key that counts no longer. */
export function withRetired(plan: KeyPlan, kid: string, schedule: KeySchedule, now: number): KeyPlan {
  const remembered = plan.retired.filter((key) => key.until > now && key.kid !== kid)
  const until = now + 2 * (schedule.period + schedule.keep)
  return { ...plan, retired: [...remembered, { kid, until }] }
}
