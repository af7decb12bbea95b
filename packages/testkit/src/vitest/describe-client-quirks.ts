import { quirkChecks } from '../quirk/quirk-checks.ts'
import { describeChecks } from './describe-checks.ts'
import type { SuiteOptions, TargetFactory } from './describe-checks.ts'

/**
 * Declares as tests what real clients of MCP and libraries of OAuth do that has broken some server.
 *
 * @example
 * ```ts
 * describeClientQuirks('my MCP server', () => ({
 *   resource: 'http://127.0.0.1:4000/mcp',
 *   user: { username: 'alice', password: 'alice-pw' },
 * }))
 * ```
 * @group Testing
 */
export function describeClientQuirks(name: string, factory: TargetFactory, options?: SuiteOptions): void {
  describeChecks(name, quirkChecks, factory, options)
}
