import { createServer as createHttpServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import type { RequestHandler } from '@gatewright/core'
import { mount as mountOnExpress } from '@gatewright/express'
import { mount as mountOnFastify } from '@gatewright/fastify'
import { mount as mountOnHono } from '@gatewright/hono'
import { clientAddress, presentedCertificate, toNodeListener } from '@gatewright/node'
import type { NodeListener } from '@gatewright/node'
import { createAdaptorServer } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import type { Settings } from './settings.ts'

/** Starts a server that listens, on the framework that the settings name. */
export type Serve = (handler: RequestHandler, settings: Settings) => Promise<Server>

const frameworks: Readonly<Record<Settings['ADAPTER'], Serve>> = {
  express: onExpress,
  fastify: onFastify,
  hono: onHono,
  node: onNode,
}

/** Serves the target. Port 0 takes a free one. */
export async function serve(
  handler: RequestHandler,
  settings: Settings,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = await frameworks[settings.ADAPTER](handler, settings)
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeIdleConnections' in server)
          (server as { closeIdleConnections(): void }).closeIdleConnections()
      }),
  }
}

const trustedProxies = ({ TRUSTED_PROXIES }: Settings) =>
  TRUSTED_PROXIES?.split(',').map((cidr) => cidr.trim()) ?? []

/** What the adapters are told of the network in front. */
const connection = (settings: Settings) => ({
  trustedProxies: trustedProxies(settings),
  clientCertificate: presentedCertificate,
})

function onNode(handler: RequestHandler, settings: Settings) {
  const listener = toNodeListener(handler, connection(settings))
  return listening(
    settings.tls === undefined ? createHttpServer(listener) : createTlsServer(settings.tls, listener),
    settings,
  )
}

function createTlsServer(tls: NonNullable<Settings['tls']>, listener: NodeListener) {
  // Bun does not give the certificates of clients to what `node:https` starts.
  return 'Bun' in globalThis
    ? createSecureServer({ ...tls, allowHTTP1: true }, listener)
    : createHttpsServer(tls, listener)
}

function onExpress(handler: RequestHandler, settings: Settings) {
  const middleware = mountOnExpress(handler, connection(settings))
  const app = express().disable('x-powered-by')
  if (settings.MOUNT !== undefined) app.use(settings.MOUNT, middleware)
  // The discovery documents are at the root of the origin, wherever the rest is mounted.
  app.use(middleware)
  return listening(
    settings.tls === undefined ? createHttpServer(app) : createHttpsServer(settings.tls, app),
    settings,
  )
}

async function onFastify(handler: RequestHandler, settings: Settings) {
  const app = fastify({ https: settings.tls ?? null })
  app.register(mountOnFastify(handler, connection(settings)))
  await app.listen({ host: settings.HOST, port: settings.PORT })
  return app.server
}

function onHono(handler: RequestHandler, settings: Settings) {
  const addressOf = clientAddress(trustedProxies(settings))
  const app = new Hono()
  app.use(
    mountOnHono(handler, {
      context: (c) => ({ ip: addressOf(getConnInfo(c).remote.address, c.req.header('x-forwarded-for')) }),
    }),
  )
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(settings.tls === undefined ? {} : { createServer: createHttpsServer, serverOptions: settings.tls }),
  })
  return listening(server, settings)
}

function listening(server: Server | ReturnType<typeof createAdaptorServer>, { HOST, PORT }: Settings) {
  return new Promise<Server>((resolve, reject) => {
    server.once('error', reject)
    server.listen(PORT, HOST, () => resolve(server))
  })
}
