import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatewrightEvent } from '@gatewright/core'
import { mount } from '@gatewright/express'
import { createApplicationAdmin } from '@gatewright-examples/application-admin'
import { readSettings } from '@gatewright-examples/application-admin/settings'
import express from 'express'
import Database from 'libsql'
import { decodeHtml } from './browser.ts'
import type { Person } from './browser.ts'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'

/** The example for integrators, running as its main program runs it. */
export interface RunningApplicationAdmin extends Listening {
  readonly mcp: string
  /** The demo user. */
  readonly person: Person
  readonly events: readonly GatewrightEvent[]
  /** What the home page shows for copying: the configuration of Claude Desktop, and the command for Claude Code. */
  readonly guide: () => Promise<{ desktopConfig: string; claudeCode: string; html: string }>
}

const secret = 'the secret of an installation, which would be in a file of its own'

/** Starts the example on a database of its own, or on the one that `DATABASE` names; `PORT` names the port to use again. */
export async function startApplicationAdmin(
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningApplicationAdmin> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-interop-'))
  const database = new Database(environment.DATABASE ?? join(folder, 'application-admin.db'))
  const events: GatewrightEvent[] = []
  let mcp = ''
  const options = { port: Number(environment.PORT ?? 0), keepAlive: false }
  const listening = await listen(({ port }) => {
    const settings = readSettings({ ...environment, PORT: String(port) })
    mcp = settings.publicUrl + settings.mcpPath
    const { handler } = createApplicationAdmin(settings, database, secret, (event) => events.push(event))
    return express().use(mount(handler))
  }, options)
  let stopped = false
  return {
    ...listening,
    mcp,
    person: { name: 'alice', password: 'alice-demo-password' },
    events,
    async guide() {
      const html = await (await fetch(listening.origin)).text()
      const [desktopConfig = '', claudeCode = ''] = [
        ...html.matchAll(/<pre><code>([\s\S]*?)<\/code><\/pre>/g),
      ].map(([, code = '']) => decodeHtml(code))
      return { desktopConfig, claudeCode, html }
    },
    async stop() {
      if (stopped) return
      stopped = true
      await listening.stop()
      database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
