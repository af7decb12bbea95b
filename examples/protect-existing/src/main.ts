import { createServer } from 'node:http'
import { toNodeListener } from '@gatewright/node'
import { protect } from './protect.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'

const settings = readSettingsOrExit()
const server = createServer(toNodeListener(protect(settings)))
server.listen(settings.port, 'localhost', () => {
  console.log(`MCP server at ${settings.resource}, for tokens of ${settings.issuer}

  npx @gatewright/cli doctor ${settings.resource}
  claude mcp add --transport http orders ${settings.resource}
`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    server.close()
    server.closeAllConnections()
  })

function readSettingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}
