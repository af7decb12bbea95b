import { createBench } from './bench/bench.ts'
import type { Bench } from './bench/bench.ts'
import { failed, NotApplicable } from './check.ts'
import type { Check, Verdict } from './check.ts'
import { cleanUp } from './clean-up.ts'
import type { Remains } from './clean-up.ts'
import type { Target } from './target/target.ts'

/** A check and what it found out. */
export interface Finding {
  readonly check: Check
  readonly verdict: Verdict
}

/**
 * What a run found. No secret stands in it: tokens, codes and passwords are replaced by `[…]`.
 *
 * @group Checks
 */
export interface Report {
  readonly findings: readonly Finding[]
  readonly requests: number
  readonly remains: Remains
}

/** How a run goes. */
export interface RunOptions {
  /** Is told of each finding as soon as it is there. */
  readonly onFinding?: (finding: Finding) => void
}

/**
 * Runs checks against a target, one after another, and tidies up.
 *
 * @throws {TypeError} when the target names neither a resource nor an issuer
 * @group Checks
 * @example
 * ```ts
 * const { findings } = await runSuite({ resource: 'http://127.0.0.1:4000/mcp' }, resourceServerChecks)
 * const flaws = findings.filter(({ verdict }) => verdict.status === 'failed')
 * ```
 */
export async function runSuite(
  target: Target,
  checks: readonly Check[],
  { onFinding = () => {} }: RunOptions = {},
): Promise<Report> {
  if (target.resource === undefined && target.issuer === undefined)
    throw new TypeError('a target names a resource, an issuer, or both')
  const bench = createBench(target)
  const findings: Finding[] = []
  for (const check of checks) {
    const finding = { check, verdict: await runCheck(check, bench) }
    findings.push(finding)
    onFinding(finding)
  }
  return { findings, requests: bench.requests(), remains: await cleanUp(bench) }
}

/** Runs one check. What breaks off is a failure with its reason, never a pass. */
export async function runCheck(check: Check, bench: Bench): Promise<Verdict> {
  try {
    const verdict = await check.run(bench)
    return verdict.status === 'failed' ? failed(bench.secrets.redact(verdict.evidence)) : verdict
  } catch (error) {
    const reason = bench.secrets.redact(told(error))
    return error instanceof NotApplicable
      ? { status: 'not applicable', reason }
      : failed(`the check broke off: ${reason}`)
  }
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? `${error.message}: ${cause.message}` : error.message
}
