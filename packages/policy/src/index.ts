/**
 * Rules that decide whether a token is minted, or a tool called.
 *
 * @module @gatewright/policy
 */
export { allOf } from './all-of.ts'
export { anyOf } from './any-of.ts'
export { explain } from './explain.ts'
export type { Explanation } from './explain.ts'
export { opa } from './opa.ts'
export type { OpaOptions } from './opa.ts'
export { scopeSubset } from './scope-subset.ts'
export { sourceIp } from './source-ip.ts'
export { timeWindow } from './time-window.ts'
export type { TimeWindow, Weekday } from './time-window.ts'
export { when } from './when.ts'
export type { CallCircumstances, Circumstances, TokenCircumstances } from './when.ts'
