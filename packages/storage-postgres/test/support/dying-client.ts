import type { PostgresPool } from '@gatewright/storage-postgres'
import pg from 'pg'

/** When the process is killed: before it asks, when it has asked, or when it has the answer. */
export type Moment = 'before' | 'sent' | 'after'

/** Connects so that the process is killed, as by `kill -9`, at a moment of its first statement. */
export async function dyingClient(url: string, moment: Moment): Promise<PostgresPool> {
  const client = new pg.Client({ connectionString: url, application_name: 'dying' })
  await client.connect()
  const kill = () => process.kill(process.pid, 'SIGKILL')
  return {
    connect: () => undefined,
    async query(statement) {
      if (moment === 'before') kill()
      if (moment === 'sent') {
        const { stream } = (client as unknown as { connection: { stream: NodeJS.WritableStream } }).connection
        const write = stream.write.bind(stream) as (chunk: Uint8Array, done: () => void) => boolean
        // Killed as soon as the system has taken the bytes.
        stream.write = (chunk: string | Uint8Array) => write(chunk as Uint8Array, kill)
      }
      const result = await client.query(statement)
      if (moment === 'after') kill()
      return result
    },
  }
}
