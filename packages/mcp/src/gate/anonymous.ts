import { isListMethod } from '../registry/mcp-methods.ts'
import type { Message } from './message.ts'

const handshake = new Set(['initialize', 'notifications/initialized', 'ping', 'server/discover'])

/** Whether nothing in a body does more than find out what there is; only that can be left open to callers without a token. */
export function onlyLists(messages: readonly Message[]): boolean {
  return messages.every(
    ({ method }) => method !== undefined && (handshake.has(method) || isListMethod(method)),
  )
}
