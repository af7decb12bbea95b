import type { GatewrightEvent } from '@gatewright/core'
import { mount } from '@gatewright/express'
import { toNodeListener } from '@gatewright/node'
import { createTarget } from '@gatewright-examples/target'
import { readSettings } from '@gatewright-examples/target/settings'
import express from 'express'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'
import { record } from './recorder.ts'
import type { RecordedRequest } from './recorder.ts'

/** A target that listens on a port of its own. */
export interface RunningTarget extends Listening {
  readonly issuer: string
  /** The MCP endpoint that most tests use. */
  readonly mcp: string
  /** What arrived so far. Empty unless recording was asked for. */
  readonly requests: readonly RecordedRequest[]
  /** The audit events so far. */
  readonly events: () => Promise<GatewrightEvent[]>
}

/**
 * Starts the target in this process, with switches as its environment has them; `PORT` names the port to use again.
 *
 * The adapter is Node's unless `ADAPTER` says otherwise.
 */
export async function startTarget(
  switches: Readonly<Record<string, string>> = {},
  { recording = false, keepAlive = true }: { recording?: boolean; keepAlive?: boolean } = {},
): Promise<RunningTarget> {
  const requests: RecordedRequest[] = []
  let issuer = ''
  const options = { port: Number(switches.PORT ?? 0), keepAlive }
  const listening = await listen(({ port }) => {
    const settings = readSettings({ ...switches, PORT: String(port) })
    issuer = settings.issuer
    const target = createTarget(settings)
    const handler = recording ? record(target, requests) : target
    if (switches.ADAPTER !== 'express') return toNodeListener(handler)
    const app = express()
    if (settings.MOUNT !== undefined) app.use(settings.MOUNT, mount(handler))
    return app.use(mount(handler))
  }, options)
  const { origin } = listening
  return {
    ...listening,
    issuer,
    mcp: `${origin}/mcp`,
    requests,
    async events() {
      const lines = (await (await fetch(`${origin}/__events`)).text())
        .split('\n')
        .filter((line) => line !== '')
      return lines.map((line) => JSON.parse(line) as GatewrightEvent)
    },
  }
}
