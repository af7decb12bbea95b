import { mount } from '@gatewright/express'
import express from 'express'
import Database from 'libsql'
import { createApplicationAdmin } from './application-admin.ts'
import { connectionGuide } from './connection-guide.ts'
import { secretFromFile } from './secret-file.ts'
import { readSettings } from './settings.ts'

const settings = readSettings(process.env)
const secret = secretFromFile(settings.secretFile)
const { handler, authorizationServer } = createApplicationAdmin(
  settings,
  new Database(settings.database),
  secret,
)
await authorizationServer.jwks().catch((error: Error) => {
  console.error(`${settings.secretFile} does not fit ${settings.database}: ${error.message}`)
  process.exit(2)
})

const app = express()
app.disable('x-powered-by')
app.use(mount(handler))

const server = app.listen(settings.port, settings.host, (error?: Error | null) => {
  if (error) {
    const inUse = 'code' in error && error.code === 'EADDRINUSE'
    console.error(
      inUse ? `Port ${settings.port} is in use. Choose another: PORT=3001 npm start` : error.message,
    )
    process.exit(1)
  }
  console.log(welcome())
})

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => server.close(() => process.exit(0)))

function welcome(): string {
  const { mcpUrl, desktopConfig, claudeCode, user } = connectionGuide(settings)
  return `
${settings.productName} is running at ${settings.publicUrl}

MCP endpoint    ${mcpUrl}
Demo user       ${user.name}  (password: ${user.password})
Connected apps  ${settings.publicUrl}/account

Claude Desktop: add this to claude_desktop_config.json
${desktopConfig.replaceAll(/^/gm, '  ')}

Claude Code:
  ${claudeCode}

Stop with Ctrl+C. Data is kept in ${settings.database}
`
}
