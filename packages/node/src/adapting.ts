/**
 * What adapters of frameworks on servers for Node.js share. Imports nothing of Node.js.
 *
 * @module @gatewright/node/adapting
 */
export { checkOrigin } from './check-origin.ts'
export { isResponse } from './is-response.ts'
export { nextTurn } from './next-turn.ts'
export { requestUnder } from './request-under.ts'
