/** Opens so many round trips to a database that do nothing, one after another: what an operation of as many can cost at the least. */
export async function open({ kind, trips }) {
  const trip = await connect(kind)
  return {
    async run() {
      for (let count = 0; count < trips; count++) await trip()
    },
  }
}

async function connect(kind) {
  if (kind === 'postgres') {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
    return () => pool.query('select 1')
  }
  const { Redis } = await import('ioredis')
  const redis = new Redis(process.env.REDIS_URL)
  return () => redis.ping()
}
