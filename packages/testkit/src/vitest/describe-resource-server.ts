import { resourceServerChecks } from '../resource-server/resource-server-checks.ts'
import { describeChecks } from './describe-checks.ts'
import type { SuiteOptions, TargetFactory } from './describe-checks.ts'

/**
 * Declares the tests that a protected resource must pass: challenges, metadata, which tokens it takes, which calls it refuses.
 *
 * @example
 * ```ts
 * describeResourceServer('my MCP server', () => ({
 *   resource: 'http://127.0.0.1:4000/mcp',
 *   user: { username: 'alice', password: 'alice-pw' },
 *   scope: 'read:application',
 *   tool: { name: 'delete_application', arguments: { id: 'x' }, scope: 'admin:application' },
 * }))
 * ```
 * @group Testing
 */
export function describeResourceServer(name: string, factory: TargetFactory, options?: SuiteOptions): void {
  describeChecks(name, resourceServerChecks, factory, options)
}
