import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GatewrightEvent } from '@gatewright/core'
import { toNodeListener } from '@gatewright/node'
import { createTarget } from '@gatewright-examples/target'
import { readSettings } from '@gatewright-examples/target/settings'

/** A target that listens on a port of its own. */
export interface RunningTarget {
  readonly origin: string
  /** The audit events so far. */
  events(): Promise<GatewrightEvent[]>
  stop(): Promise<void>
}

/** Starts the target in this process, with switches as its environment has them. */
export async function startTarget(switches: Readonly<Record<string, string>> = {}): Promise<RunningTarget> {
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  http.on('request', toNodeListener(createTarget(readSettings({ ...switches, PORT: String(port) }))))
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    async events() {
      const lines = (await (await fetch(`${origin}/__events`)).text())
        .split('\n')
        .filter((line) => line !== '')
      return lines.map((line) => JSON.parse(line) as GatewrightEvent)
    },
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}
