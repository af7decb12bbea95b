// The contract inside the Workers runtime, on its own binding: `pnpm test:runtimes workerd`
import { env } from 'cloudflare:workers'
import { describeStorage } from '@gatewright/storage/testing'
import { createD1Storage, migrate } from '@gatewright/storage-sqlite/d1'

describeStorage('D1 inside workerd', async () => {
  await migrate(env.DB)
  return { storage: createD1Storage({ database: env.DB }) }
})
