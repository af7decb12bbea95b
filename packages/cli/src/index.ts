/**
 * The commands of the `gatewright` program, for programs that embed them.
 *
 * @module @gatewright/cli
 */
export { run } from './run.ts'
export type { Terminal } from './terminal.ts'
export { examine, knownClients } from './doctor/examine.ts'
export type { Examination } from './doctor/examine.ts'
export type { Finding } from './doctor/finding.ts'
export { createProbe } from './doctor/probe.ts'
export type { Answer, Probe } from './doctor/probe.ts'
