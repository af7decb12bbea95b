/**
 * What every adapter must do, as tests over real sockets.
 *
 * @module @gatewright/testkit/adapter
 */
export { appAnswer } from './app-answer.ts'
export { describeAdapter } from './describe-adapter.ts'
export { listen } from './listen.ts'
export { selfSigned } from './self-signed.ts'
export type { AdapterOptions, AdapterTraits, StartAdapter, StartedAdapter } from './start-adapter.ts'
