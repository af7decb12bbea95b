import type { RequestHandler } from '@gatewright/core'

/** Serves a list as JSON lines at a path, to this machine only. */
export function localPage(origin: string, path: string, lines: () => readonly unknown[]): RequestHandler {
  return {
    origin,
    async handle(request, context) {
      if (new URL(request.url).pathname !== path) return undefined
      if (!/^(127\.|::1$|::ffff:127\.)/.test(context?.ip ?? '')) return new Response(null, { status: 403 })
      const body = lines().map((line) => `${JSON.stringify(line)}\n`)
      return new Response(body.join(''), { headers: { 'content-type': 'application/jsonl' } })
    },
  }
}
