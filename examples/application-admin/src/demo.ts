import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mount } from '@gatewright/express'
import {
  Client,
  refreshAuthorization,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import express from 'express'
import Database from 'libsql'
import { createApplicationAdmin } from './application-admin.ts'
import { demoUser } from './directory.ts'
import type { Application } from './directory.ts'
import { createHeadlessBrowser } from './demo/headless-browser.ts'
import { createMemoryAuthProvider } from './demo/memory-auth-provider.ts'
import { createTranscript } from './demo/transcript.ts'
import { readSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatewright-demo-'))
const app = express()
const http = createServer(app)
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
const { port } = http.address() as AddressInfo
const settings = readSettings({ PORT: String(port), DATABASE: join(folder, 'demo.db') })
const database = new Database(settings.database)
const secret = crypto.randomUUID() + crypto.randomUUID()
app.use(mount(createApplicationAdmin(settings, database, secret).handler))

try {
  await runDemo(settings.publicUrl, new URL(settings.publicUrl + settings.mcpPath))
} finally {
  http.closeAllConnections()
  http.close()
  database.close()
  rmSync(folder, { recursive: true, force: true })
}

async function runDemo(issuer: string, endpoint: URL): Promise<void> {
  const { step, say, fetch } = createTranscript((line) => console.log(line))
  const browser = createHeadlessBrowser(say)
  const authProvider = createMemoryAuthProvider()
  const open = () => new StreamableHTTPClientTransport(endpoint, { authProvider, fetch })
  const client = new Client(
    { name: 'demo-client', version: '1.0.0' },
    { versionNegotiation: { mode: 'auto' } },
  )
  let transport = open()

  /** Runs a request of the client; when it needs the user, goes through the browser and repeats it. */
  async function withUser<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request()
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error
      const callback = await browser.authorize(
        authProvider.takeAuthorizationUrl(),
        demoUser,
        (scopes) => scopes,
      )
      await transport.finishAuth(callback.searchParams)
      return request()
    }
  }
  const callTool = async (name: string, parameters: Record<string, unknown>) => {
    const result = await client.callTool({ name, arguments: parameters })
    const [first] = result.content
    return JSON.parse(first?.type === 'text' ? first.text : 'null') as Application | Application[]
  }

  const show = (applications: Application | Application[]) => {
    for (const [index, { name, displayName }] of [applications].flat().entries())
      say(`${index + 1}. ${name} (${displayName})`)
  }

  console.log(
    `A client connects to ${endpoint.href}\n(every line below is a real HTTP exchange of the official MCP client with this server)`,
  )

  step('Without a token the client is told where to go; it discovers, registers, and the user signs in')
  await withUser(async () => {
    transport = open()
    await client.connect(transport)
  })
  say(`Granted: ${authProvider.tokens()?.scope}`)

  step('The client lists the tools: only what its scopes permit')
  const { tools } = await client.listTools()
  for (const { name } of tools) say(`- ${name}`)

  step('It reads')
  show(await callTool('get_applications', { owner: 'admin' }))

  step('It writes: refused with 403, the user allows more, and the same call succeeds')
  const application = { owner: 'admin', name: 'test-app', displayName: 'Test App', organization: 'my-org' }
  show(await withUser(() => callTool('add_application', { application })))
  say(`Granted: ${authProvider.tokens()?.scope}`)

  step('It refreshes its access token')
  const before = authProvider.tokens()
  const clientInformation = authProvider.clientInformation()
  if (before?.refresh_token === undefined || clientInformation === undefined)
    throw new Error('there is no refresh token')
  const metadata = await (await globalThis.fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()
  const refreshed = await refreshAuthorization(issuer, {
    metadata,
    clientInformation,
    refreshToken: before.refresh_token,
    resource: endpoint,
    fetchFn: fetch,
  })
  await authProvider.saveTokens({ ...refreshed, issuer })
  say(
    `New access token: ${refreshed.access_token !== before.access_token}; new refresh token: ${refreshed.refresh_token !== before.refresh_token}`,
  )
  show(await callTool('get_application', { id: 'admin/test-app' }))

  step('The user disconnects the client: its tokens stop at once')
  await fetch(`${issuer}/revoke`, {
    method: 'POST',
    body: new URLSearchParams({
      token: refreshed.refresh_token ?? '',
      client_id: clientInformation.client_id,
    }),
  })
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${refreshed.access_token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
  if (answer.status !== 401) throw new Error(`a revoked token was answered with ${answer.status}`)
  console.log('\nDone.')
}
