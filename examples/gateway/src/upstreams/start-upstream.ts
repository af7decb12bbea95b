import type { RequestHandler } from '@gatewright/core'
import { mount } from '@gatewright/fastify'
import { fastify } from 'fastify'

/** Starts a server of its own; gives what ends it. */
export async function startUpstream(handler: RequestHandler): Promise<() => Promise<void>> {
  const app = fastify({ forceCloseConnections: true })
  app.register(mount(handler))
  await app.listen({ port: Number(new URL(handler.origin).port), host: '127.0.0.1' })
  return () => app.close()
}
