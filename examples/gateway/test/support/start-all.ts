import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { defaultRuntime, type GatewrightEvent } from '@gatewright/core'
import type { AccessToken } from '@gatewright/resource-server'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import { addresses } from '../../src/addresses.ts'
import { startGateway } from '../../src/gateway.ts'
import type { Settings } from '../../src/settings.ts'
import { createDirectory } from '../../src/upstreams/directory.ts'
import { createLedger } from '../../src/upstreams/ledger.ts'
import { startUpstream } from '../../src/upstreams/start-upstream.ts'

/** What an upstream was called with, after it has verified the token by itself. */
export interface Seen {
  readonly upstream: string
  readonly what: string
  readonly claims: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly token: string
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts the gateway with both upstreams on PostgreSQL; the policies see the hour of the test. */
export async function startAll(options: Partial<Settings> = {}) {
  const settings: Settings = {
    port: await freePort(),
    directoryPort: await freePort(),
    ledgerPort: await freePort(),
    databaseUrl: '',
    keySecret: 'a secret of the test with enough characters',
    gatewaySecret: 'gateway-secret-of-the-test',
    clientNetworks: ['127.0.0.0/8', '::1'],
    trustedProxies: [],
    ...options,
  }
  const at = addresses(settings)
  const seen: Seen[] = []
  const events: GatewrightEvent[] = []
  const clock = { hour: 12 }
  const note = (
    upstream: string,
    what: string,
    { claims, token }: Pick<AccessToken, 'claims' | 'token'>,
    headers: Headers,
  ) => seen.push({ upstream, what, claims, token, headers: Object.fromEntries(headers) })
  const database = await PGlite.create()
  await migrate(database)
  const stops = [
    await startUpstream(
      createDirectory(at, (token, request) =>
        note('directory', new URL(request.url).pathname, token, request.headers),
      ),
    ),
    await startUpstream(
      createLedger(at, (caller, tool, request) =>
        note(
          'ledger',
          tool,
          { claims: caller.claims ?? {}, token: caller.token ?? '' },
          request?.headers ?? new Headers(),
        ),
      ),
    ),
  ]
  const runtime = { ...defaultRuntime, now: () => Date.UTC(2026, 0, 5, clock.hour) }
  const gateway = await startGateway(
    settings,
    createPostgresStorage({ client: database }),
    (event) => events.push(event),
    runtime,
  )
  return {
    at,
    gateway,
    seen,
    events,
    clock,
    async close() {
      await gateway.close()
      for (const stop of stops) await stop()
      await database.close()
    },
  }
}
