/** A place in the repository where a rule does not hold. */
export interface Violation {
  /** Path relative to the root, with the line where there is one: `packages/core/src/act.ts:3`. */
  readonly where: string
  readonly message: string
}

/** The form in which a failed test lists violations. */
export function formatViolations(violations: readonly Violation[]): string[] {
  return violations.map(({ where, message }) => `${where}: ${message}`)
}
