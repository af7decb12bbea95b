import type { GatewrightEvent, RequestHandler } from '@gatewright/core'

/** Serves the audit events so far as JSON lines at `/__events`, to this machine only. */
export function openEventLog(origin: string, events: readonly GatewrightEvent[]): RequestHandler {
  return {
    origin,
    async handle(request, context) {
      if (new URL(request.url).pathname !== '/__events') return undefined
      if (!/^(127\.|::1$|::ffff:127\.)/.test(context?.ip ?? '')) return new Response(null, { status: 403 })
      const lines = events.map((event) =>
        JSON.stringify({ ...event, cause: event.cause instanceof Error ? event.cause.message : undefined }),
      )
      return new Response(lines.map((line) => `${line}\n`).join(''), {
        headers: { 'content-type': 'application/jsonl' },
      })
    },
  }
}
