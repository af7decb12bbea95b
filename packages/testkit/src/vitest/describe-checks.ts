import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBench } from '../bench/bench.ts'
import type { Bench } from '../bench/bench.ts'
import type { Check } from '../check.ts'
import { cleanUp } from '../clean-up.ts'
import { runCheck } from '../run-suite.ts'
import type { Target } from '../target/target.ts'

/** A target, or what starts one before the tests and stops it after them. */
export type TargetFactory = () => TargetUnderTest | Promise<TargetUnderTest>

/** A target with what stops it. */
export interface TargetUnderTest extends Target {
  close?(): void | Promise<void>
}

/** Which failures are no failures of the tests. */
export interface SuiteOptions {
  /**
   * Checks that are known to fail, by id. A test of one that passes fails: the list is to be shortened then.
   *
   * @default none
   */
  readonly knownFailures?: readonly string[]
}

/** Declares one test for each check. A check that does not apply is skipped with its reason. */
export function describeChecks(
  name: string,
  checks: readonly Check[],
  factory: TargetFactory,
  { knownFailures = [] }: SuiteOptions = {},
): void {
  describe(name, () => {
    let target: TargetUnderTest | undefined
    let bench: Bench | undefined
    beforeAll(async () => {
      target = await factory()
      bench = createBench(target)
    })
    afterAll(async () => {
      if (bench !== undefined) await cleanUp(bench)
      await target?.close?.()
    })
    for (const check of checks)
      it(`${check.title} (${check.id})`, async (context) => {
        if (bench === undefined) throw new Error('the target did not start')
        const verdict = await runCheck(check, bench)
        if (verdict.status === 'not applicable') context.skip(verdict.reason)
        const told =
          verdict.status === 'failed' ? `${verdict.evidence}\n${check.section}: ${check.mend}` : check.id
        expect(verdict.status, told).toBe(knownFailures.includes(check.id) ? 'failed' : 'passed')
      })
  })
}
