import { Redis } from 'ioredis'
import pg from 'pg'

/** How much is in a database. */
export interface Reading {
  /** Those that are no marks. */
  readonly records: number
  /** What says that a challenge or an assertion was used; a challenge's lasts an hour, whatever expires before. */
  readonly marks: number
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
      const { rows } = await client.query<{ records: string; marks: string; bytes: string }>(
        `select (select count(*) from gatewright_records where collection <> 'replays') as records,
        (select count(*) from gatewright_records where collection = 'replays') as marks,
        pg_total_relation_size('gatewright_records') as bytes`,
      )
      return {
        records: Number(rows[0]?.records),
        marks: Number(rows[0]?.marks),
        bytes: Number(rows[0]?.bytes),
      }
    },
    close: () => client.end(),
  }
}

function readRedis(redis: Redis): Gauge {
  return {
    async read() {
      const memory = /used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]
      let marks = 0
      for await (const keys of redis.scanStream({ match: '*:replays:*', count: 1000 })) marks += keys.length
      // Each mark is alone in its partition or shares it with few, and an index stands beside the records of each.
      return { records: (await redis.dbsize()) - marks, marks, bytes: Number(memory) }
    },
    close: async () => redis.disconnect(),
  }
}
