/**
 * What tests of OAuth need: a provider that behaves well or badly, and a clock that only a test moves.
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
