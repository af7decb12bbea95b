import { createD1Storage } from '@gatewright/storage-sqlite/d1'
import type { D1Database } from '@gatewright/storage-sqlite/d1'
import { createHandler } from '../gatewright.ts'

interface Env {
  readonly DB: D1Database
  readonly PUBLIC_URL: string
  readonly KEY_SECRET: string
}

let handler: ReturnType<typeof createHandler> | undefined

export default {
  async fetch(
    request: Request,
    env: Env,
    context: { waitUntil(work: Promise<unknown>): void },
  ): Promise<Response> {
    handler ??= createHandler(env.PUBLIC_URL, createD1Storage({ database: env.DB }), env.KEY_SECRET, {
      // A Worker's fetch reaches the internet and no private network.
      fetch: (...parameters) => fetch(...parameters),
    })
    const response = await handler.handle(request, {
      // Set by Cloudflare, whatever the client sent.
      ip: request.headers.get('cf-connecting-ip') ?? undefined,
      waitUntil: (work) => context.waitUntil(work),
    })
    return response ?? new Response('my app')
  },
}
