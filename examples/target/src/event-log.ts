import type { GatewrightEvent, RequestHandler } from '@gatewright/core'
import { localPage } from './local-page.ts'

/** Serves the audit events so far at `/__events`. */
export function openEventLog(origin: string, events: readonly GatewrightEvent[]): RequestHandler {
  return localPage(origin, '/__events', () =>
    events.map((event) => ({
      ...event,
      cause: event.cause instanceof Error ? event.cause.message : undefined,
    })),
  )
}
