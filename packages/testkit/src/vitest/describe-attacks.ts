import { attackChecks } from '../attack/attack-checks.ts'
import { describeChecks } from './describe-checks.ts'
import type { SuiteOptions, TargetFactory } from './describe-checks.ts'

/**
 * Declares as tests what attackers do to an authorization server: each test passes when the attack fails.
 *
 * @example
 * ```ts
 * describeAttacks('my authorization server', () => ({
 *   issuer: 'http://127.0.0.1:4000',
 *   user: { username: 'alice', password: 'alice-pw' },
 * }))
 * ```
 * @group Testing
 */
export function describeAttacks(name: string, factory: TargetFactory, options?: SuiteOptions): void {
  describeChecks(name, attackChecks, factory, options)
}
