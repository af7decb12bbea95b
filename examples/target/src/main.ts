import { serve } from './serve.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { migrateStorage } from './storage.ts'
import { createTarget } from './target.ts'

const settings = readSettingsOrExit()
await migrateStorage(settings.STORAGE)
const { close } = await serve(createTarget(settings), settings)
console.log(`listening ${settings.origin}`)
process.on('SIGTERM', () => void close().then(() => process.exit(0)))

function readSettingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}
