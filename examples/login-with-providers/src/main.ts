import { checkRedisSettings } from '@gatewright/storage-redis'
import { serve } from '@hono/node-server'
import { Redis } from 'ioredis'
import { createPortal } from './portal.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'

const settings = readSettingsOrExit()
const redis = new Redis(settings.redisUrl, { maxRetriesPerRequest: 1 })
for (const { message } of await checkRedisSettings(redis)) console.warn(message)
const { app, prepare, redirectUris, signedOutUri } = createPortal(settings, redis)
await prepare().catch((error: Error) => {
  console.error(error.message)
  process.exit(2)
})

const server = serve({ fetch: app.fetch, hostname: settings.host, port: settings.port }, () => {
  console.log(`${settings.productName} is running at ${settings.publicUrl}`)
  for (const uri of redirectUris) console.log(`redirect URI to register at the provider: ${uri}`)
  if (signedOutUri !== undefined) console.log(`post-logout redirect URI to register there: ${signedOutUri}`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    redis.disconnect()
    server.close(() => process.exit(0))
  })

function readSettingsOrExit(): Settings {
  try {
    const read = readSettings(process.env)
    if (read.custom.length + read.oidc.length > 0) return read
    console.error(
      'There is no provider: set CUSTOM_CLIENT_ID or OIDC_CLIENT_ID, and what the README lists with it.',
    )
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
  return process.exit(2)
}
