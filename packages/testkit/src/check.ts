import type { Bench } from './bench/bench.ts'

/** How much a specification insists: `must` is a flaw, `should` a weakness, `may` an advice that it leaves open. */
export type Severity = 'must' | 'should' | 'may'

/** The suites by which checks are grouped; a check's id begins with the name of its suite. */
export type SuiteName = 'resource-server' | 'authorization-server' | 'attack' | 'quirk'

/** What a check found out. */
export type Verdict =
  | { readonly status: 'passed' }
  | {
      readonly status: 'failed'
      /** What was sent and what came back. */
      readonly evidence: string
    }
  | {
      readonly status: 'not applicable'
      /** What the target lacks, or what was not told about it. */
      readonly reason: string
    }

/**
 * One thing that a good server does, and how to find out from outside whether a server does it.
 *
 * A check knows no test runner. It sends a bounded number of requests, and changes nothing that it did not make itself.
 *
 * @group Checks
 */
export interface Check {
  /** `<suite>.<name>`, the same in every release. */
  readonly id: `${SuiteName}.${string}`
  /** Rows of the conformance table of Gatewright that say the same. */
  readonly rows?: readonly string[]
  /** What a good server does, as a sentence that follows its name. */
  readonly title: string
  /** Where it is said: `RFC 6749 §4.1.2`, a draft with its version, or a revision of MCP. */
  readonly section: string
  readonly severity: Severity
  /** What to do about a server that fails. */
  readonly mend: string
  /** @throws {NotApplicable} when the target lacks something that it needs */
  run(bench: Bench): Promise<Verdict>
}

/** The server does it. */
export const passed: Verdict = { status: 'passed' }

/** The server does not do it. */
export function failed(evidence: string): Verdict {
  return { status: 'failed', evidence }
}

/** Passed when something holds, failed with evidence otherwise. */
export function expectThat(holds: boolean, evidence: string): Verdict {
  return holds ? passed : failed(evidence)
}

/** Judges one thing after another, and stops at the first that fails. */
export async function eachPasses<Value>(
  values: Iterable<Value>,
  judge: (value: Value) => Promise<Verdict>,
): Promise<Verdict> {
  for (const value of values) {
    const verdict = await judge(value)
    if (verdict.status === 'failed') return verdict
  }
  return passed
}

/** A check cannot be made: the target has no such part, or was not described far enough. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable'
}
