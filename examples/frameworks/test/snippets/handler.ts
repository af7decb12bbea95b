import { createMemoryStorage } from '@gatewright/storage'
import { createHandler } from './gatewright.ts'

// A storage that outlives the process comes here; see "Choose and run a storage".
const storage = createMemoryStorage()

export const handler = createHandler(
  process.env['PUBLIC_URL'] ?? 'http://localhost:3000',
  storage,
  process.env['KEY_SECRET'] ?? '',
)
