import type { NodeResponse } from './node-messages.ts'

/** Whether there is no one left to answer. */
export function isGone(outgoing: NodeResponse): boolean {
  return 'stream' in outgoing ? outgoing.stream.destroyed : outgoing.destroyed
}
