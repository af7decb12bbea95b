import { Redis } from 'ioredis'
import pg from 'pg'

/** How much is in a database. */
export interface Reading {
  readonly records: number
  readonly bytes: number
}

/** Looks into a database behind the back of those who use it. */
export interface Gauge {
  read(): Promise<Reading>
  close(): Promise<void>
}

/** Opens the gauge for a database by its URL. */
export async function openGauge(url: string): Promise<Gauge> {
  if (url.startsWith('redis:')) return readRedis(new Redis(url))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    async read() {
      const { rows } = await client.query<{ records: string; bytes: string }>(
        `select (select count(*) from gatewright_records) as records,
        pg_total_relation_size('gatewright_records') as bytes`,
      )
      return { records: Number(rows[0]?.records), bytes: Number(rows[0]?.bytes) }
    },
    close: () => client.end(),
  }
}

function readRedis(redis: Redis): Gauge {
  return {
    async read() {
      const memory = /used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]
      return { records: await redis.dbsize(), bytes: Number(memory) }
    },
    close: async () => redis.disconnect(),
  }
}
