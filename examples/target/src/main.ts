import { serve } from './serve.ts'
import { readProviders } from './login.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { migrateStorage } from './storage.ts'
import { createTarget } from './target.ts'

const settings = readSettingsOrExit()
await checkProviders()
await migrateStorage(settings.STORAGE)
const { close } = await serve(createTarget(settings), settings)
console.log(`listening ${settings.origin}`)
process.on('SIGTERM', () => void close().then(() => process.exit(0)))

/** A provider that is another than the configured one must not wait for the first login to show. One that is down may come up. */
async function checkProviders(): Promise<void> {
  for (const provider of readProviders(settings))
    await provider.prepare().catch((error: unknown) => {
      if (!(error instanceof TypeError)) return
      console.error(error.message)
      process.exit(2)
    })
}

function readSettingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}
