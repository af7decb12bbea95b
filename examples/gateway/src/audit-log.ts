import type { GatewrightEvent } from '@gatewright/core'

/** An event as one line of JSON: who, through which client and actor, what, and how it went. */
export function auditLine({ at, cause, ...event }: GatewrightEvent): string {
  const failed = cause instanceof Error ? { cause: cause.message } : {}
  return JSON.stringify({ time: new Date(at).toISOString(), ...event, ...failed })
}
