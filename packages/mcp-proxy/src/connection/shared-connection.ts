import type { UpstreamConnection } from './open-client.ts'
import { wait } from './wait.ts'

/** One connection that is opened again whenever it is lost. */
export interface SharedConnection {
  /** The connection, opened when there is none. @throws {Error} when the upstream is out of reach, at once while it is known to be */
  get(): Promise<UpstreamConnection>
  /** Forgets a connection that turned out to be dead. */
  lost(connection: UpstreamConnection): void
  close(): Promise<void>
}

/** How a connection is opened, and what happens then. */
export interface SharedConnectionOptions {
  open(onClosed: () => void): Promise<UpstreamConnection>
  /** Called after each opening, the first included. */
  opened(connection: UpstreamConnection): Promise<void>
  failed(cause: unknown): void
  /** Seconds. */
  readonly backoff: readonly [first: number, longest: number]
}

/**
 * Makes a connection that is not open yet.
 *
 * After a loss it is opened again in the background, with pauses that double, so that the tools of an upstream that was away come
 * back by themselves. Calls meanwhile fail at once: nobody waits for a server that is known to be down.
 */
export function createSharedConnection(options: SharedConnectionOptions): SharedConnection {
  const ended = new AbortController()
  let current: Promise<UpstreamConnection> | undefined
  let open: UpstreamConnection | undefined
  let retrying = false
  let down: unknown

  async function connect(): Promise<UpstreamConnection> {
    let closed = () => {}
    const connection = await options.open(() => closed())
    closed = () => lost(connection)
    // What is opened while this ends belongs to nobody.
    if (ended.signal.aborted) {
      await connection.close()
      throw new Error('the proxy is closed')
    }
    down = undefined
    open = connection
    try {
      await options.opened(connection)
    } catch (cause) {
      open = undefined
      await connection.close()
      throw cause
    }
    return connection
  }

  function start(): Promise<UpstreamConnection> {
    current ??= connect().catch((cause: unknown) => {
      current = undefined
      down = cause
      options.failed(cause)
      void retry()
      throw cause
    })
    return current
  }

  async function retry(): Promise<void> {
    if (retrying) return
    retrying = true
    const [first, longest] = options.backoff
    for (
      let pause = first;
      current === undefined && !ended.signal.aborted;
      pause = Math.min(pause * 2, longest)
    ) {
      await wait(pause, ended.signal)
      if (ended.signal.aborted) break
      await start().catch(() => {})
    }
    retrying = false
  }

  function lost(connection: UpstreamConnection): void {
    if (open !== connection) return
    open = undefined
    current = undefined
    void connection.close()
    void retry()
  }

  return {
    async get() {
      if (ended.signal.aborted) throw new Error('the proxy is closed')
      if (current === undefined && down !== undefined)
        throw new Error('the upstream is out of reach', { cause: down })
      return start()
    },
    lost,
    async close() {
      ended.abort()
      const last = await current?.catch(() => undefined)
      open = undefined
      current = undefined
      await last?.close()
    },
  }
}
