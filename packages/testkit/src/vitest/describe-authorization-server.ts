import { authorizationServerChecks } from '../authorization-server/authorization-server-checks.ts'
import { describeChecks } from './describe-checks.ts'
import type { SuiteOptions, TargetFactory } from './describe-checks.ts'

/**
 * Declares the tests that an authorization server must pass: discovery, registration, authorization, tokens, pages.
 *
 * @example
 * ```ts
 * describeAuthorizationServer('my authorization server', () => ({
 *   issuer: 'http://127.0.0.1:4000',
 *   user: { username: 'alice', password: 'alice-pw' },
 *   scope: 'openid',
 * }))
 * ```
 * @group Testing
 */
export function describeAuthorizationServer(
  name: string,
  factory: TargetFactory,
  options?: SuiteOptions,
): void {
  describeChecks(name, authorizationServerChecks, factory, options)
}
