/**
 * Opens so many round trips to a database that do nothing, one after another: what an operation of as many can cost at the least. The
 * last may be flushed to the disk, as what is acknowledged has to be.
 */
export async function open({ kind, trips, flushed = false }) {
  const trip = await connect(kind)
  return {
    async run() {
      for (let count = 1; count <= trips; count++) await trip(flushed && count === trips)
    },
  }
}

async function connect(kind) {
  if (kind === 'postgres') {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
    return (flushed) => pool.query(flushed ? "select pg_logical_emit_message(true, '', '')" : 'select 1')
  }
  const { Redis } = await import('ioredis')
  const redis = new Redis(process.env.REDIS_URL)
  return () => redis.ping()
}
