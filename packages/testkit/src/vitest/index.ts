/**
 * The suites as tests of vitest.
 *
 * @module @gatewright/testkit/vitest
 */
export { describeStorage } from '@gatewright/storage/testing'
export type { StorageFactory, StorageUnderTest } from '@gatewright/storage/testing'
export { describeAttacks } from './describe-attacks.ts'
export { describeAuthorizationServer } from './describe-authorization-server.ts'
export { describeClientQuirks } from './describe-client-quirks.ts'
export { describeResourceServer } from './describe-resource-server.ts'
export type { SuiteOptions, TargetFactory, TargetUnderTest } from './describe-checks.ts'
