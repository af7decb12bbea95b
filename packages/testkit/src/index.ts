/**
 * What tests of OAuth need: suites that run against any server, a provider that behaves well or badly, and a clock that only
 * a test moves.
 *
 * @module @gatewright/testkit
 */
export { createTestClock } from './test-clock.ts'
export type { TestClock } from './test-clock.ts'
export { createFakeProvider } from './fake-provider/create-fake-provider.ts'
export type { FakeProvider } from './fake-provider/create-fake-provider.ts'
export type {
  FakeProviderBehavior,
  FakeProviderOptions,
  FakeUser,
  IdTokenDraft,
} from './fake-provider/fake-provider-options.ts'
export type { RecordedRequest } from './fake-provider/recorded-request.ts'
export { attackChecks } from './attack/attack-checks.ts'
export { authorizationServerChecks } from './authorization-server/authorization-server-checks.ts'
export { expectThat, failed, NotApplicable, passed } from './check.ts'
export type { Check, Severity, SuiteName, Verdict } from './check.ts'
export { createBench } from './bench/bench.ts'
export type { Bench } from './bench/bench.ts'
export type { Remains } from './clean-up.ts'
export { handlerFetch } from './network/handler-fetch.ts'
export type { Handler } from './network/handler-fetch.ts'
export { quirkChecks } from './quirk/quirk-checks.ts'
export { resourceServerChecks } from './resource-server/resource-server-checks.ts'
export { runSuite } from './run-suite.ts'
export type { Finding, Report, RunOptions } from './run-suite.ts'
export type { ExchangeParty, GatedTool, KnownClient, Target, TestUser } from './target/target.ts'
