import type { NodeRequest, NodeResponse } from './node-messages.ts'

/** Whether there is no one left to answer. */
export function isGone(outgoing: NodeResponse): boolean {
  return 'stream' in outgoing ? outgoing.stream.destroyed : outgoing.destroyed
}

/** Whether the client went away in the middle of its request. Some runtimes notice it here before {@link isGone} does. */
export function isBrokenOff(incoming: NodeRequest): boolean {
  return incoming.destroyed && !incoming.complete
}
