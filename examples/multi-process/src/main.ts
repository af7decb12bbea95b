import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { migrate } from '@gatewright/storage-postgres'
import pg from 'pg'
import { createBalancer } from './balancer.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { runWorker } from './worker.ts'

const settings = readSettingsOrExit()
if (process.env['WORKER'] === undefined) await runAll()
else runWorker(settings)

/** Prepares the database once, starts the processes, and stands in front of them. */
async function runAll(): Promise<void> {
  await prepareDatabase()
  const ports = new Map<ChildProcess, number>()
  let stopping = false
  const start = () => {
    const worker = fork(fileURLToPath(import.meta.url), { env: { ...process.env, WORKER: '1' } })
    worker.on('message', ({ port }: { port: number }) => {
      ports.set(worker, port)
      console.log(`process ${worker.pid} is ready`)
    })
    worker.once('exit', () => {
      ports.delete(worker)
      if (!stopping) setTimeout(start, 500)
    })
    return worker
  }
  const workers = Array.from({ length: settings.processes }, start)
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
  const balancer = createBalancer(() => [...ports.values()])
  balancer.listen(settings.port, '127.0.0.1', () =>
    console.log(`MCP server at ${settings.publicUrl}/mcp\nLog in as alice with alice-pw`),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stopping = true
      for (const worker of ports.keys()) worker.kill('SIGTERM')
      balancer.close()
      balancer.closeAllConnections()
    })
}

async function prepareDatabase(): Promise<void> {
  const client = new pg.Pool({ connectionString: settings.databaseUrl, connectionTimeoutMillis: 5000 })
  try {
    await migrate(client)
  } catch (error) {
    const { message, cause } = error as Error
    console.error(`Nothing works without DATABASE_URL: ${cause instanceof Error ? cause.message : message}`)
    process.exit(1)
  }
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
