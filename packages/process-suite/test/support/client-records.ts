import { Redis } from 'ioredis'
import Database from 'libsql'
import pg from 'pg'

/** Looks for the records of clients in a database, behind the back of the storage. */
export interface ClientRecords {
  /** How many there are, expired ones included until they are removed. */
  count(): Promise<number>
  /** After how many seconds the database itself removes each, where it does. */
  timesToLive?(): Promise<number[]>
  close(): Promise<void>
}

const select = "select count(*) as count from gatewright_records where collection = 'clients'"

/** Opens a database by its URL. */
export async function openClientRecords(url: string): Promise<ClientRecords> {
  if (url.startsWith('redis:')) return inRedis(new Redis(url))
  if (url.startsWith('sqlite:')) {
    const database = new Database(url.slice('sqlite:'.length))
    return {
      count: async () => (database.prepare(select).get() as { count: number }).count,
      close: async () => void database.close(),
    }
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    count: async () => Number((await client.query<{ count: string }>(select)).rows[0]?.count),
    close: () => client.end(),
  }
}

function inRedis(redis: Redis): ClientRecords {
  const keys = async () => (await redis.keys('*')).filter((key) => key.includes('}:clients:'))
  return {
    count: async () => (await keys()).length,
    timesToLive: async () => Promise.all((await keys()).map(async (key) => (await redis.pttl(key)) / 1000)),
    close: async () => redis.disconnect(),
  }
}
