import type { Target } from '@gatewright/testkit'

/** Somebody else's server, running on this machine. */
export interface Peer {
  readonly target: Target
  readonly stop: () => Promise<void>
}
