import { createServer as createHttpServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { RequestHandler } from '@gatewright/core'
import { mount } from '@gatewright/express'
import { toNodeListener } from '@gatewright/node'
import express from 'express'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { createTarget } from './target.ts'

const settings = readSettingsOrExit()
const listener = createListener(createTarget(settings), settings)
const server =
  settings.tls === undefined ? createHttpServer(listener) : createHttpsServer(settings.tls, listener)
server.listen(settings.PORT, settings.HOST, () => console.log(`listening ${settings.origin}`))
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})

function createListener(
  handler: RequestHandler,
  { ADAPTER, MOUNT, TRUSTED_PROXIES }: Settings,
): RequestListener {
  const options = { trustedProxies: TRUSTED_PROXIES?.split(',').map((cidr) => cidr.trim()) ?? [] }
  if (ADAPTER === 'node') return toNodeListener(handler, options)
  const app = express()
  app.disable('x-powered-by')
  if (MOUNT !== undefined) app.use(MOUNT, mount(handler, options))
  // The discovery documents are at the root of the origin, wherever the rest is mounted.
  app.use(mount(handler, options))
  return app
}

function readSettingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}
