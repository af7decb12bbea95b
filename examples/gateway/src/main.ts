import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import pg from 'pg'
import { addresses } from './addresses.ts'
import { auditLine } from './audit-log.ts'
import { startGateway } from './gateway.ts'
import { readSettings, type Settings } from './settings.ts'
import { createDirectory } from './upstreams/directory.ts'
import { createLedger } from './upstreams/ledger.ts'
import { startUpstream } from './upstreams/start-upstream.ts'

const settings = readSettingsOrExit()
const at = addresses(settings)
const client = new pg.Pool({ connectionString: settings.databaseUrl, connectionTimeoutMillis: 5000 })
client.on('error', (error) => console.error(error.message))
await migrate(client).catch(explainAndExit)
const storage = createPostgresStorage({ client })
const sweeping = setInterval(
  () => void storage.sweep({ now: Date.now(), limit: 50_000 }).catch(console.error),
  60_000,
)

// In real life the upstreams are other machines. They run here so that there is something to call.
const stops = [
  await startUpstream(createDirectory(at, () => {})),
  await startUpstream(createLedger(at, () => {})),
]
const gateway = await startGateway(settings, storage, (event) => console.log(auditLine(event))).catch(
  (error: Error) => {
    console.error(
      error instanceof TypeError ? `KEY_SECRET does not fit this database: ${error.message}` : error,
    )
    return process.exit(error instanceof TypeError ? 2 : 1)
  },
)

console.error(`The gateway listens at ${gateway.url}. Log in as alice with alice-pw.

  claude mcp add --transport http --client-id claude-public --callback-port 29352 gateway ${gateway.url}
`)

process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())

async function stop(): Promise<void> {
  clearInterval(sweeping)
  await gateway.close()
  for (const each of stops) await each()
  await client.end()
}

function readSettingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}

function explainAndExit(error: Error): never {
  const { cause } = error
  console.error(
    `Nothing works without DATABASE_URL: ${cause instanceof Error ? cause.message : error.message}`,
  )
  return process.exit(1)
}
