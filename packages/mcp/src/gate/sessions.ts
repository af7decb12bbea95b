import { encodeBase64url, type Runtime } from '@gatewright/core'
import type { AccessToken } from '@gatewright/resource-server'
import { errorCode } from '../json-rpc-error.ts'
import type { ChangeHub } from './change-hub.ts'
import type { McpBinding, SessionConnection } from './binding.ts'
import { principalOf } from './principal.ts'
import { HttpRefusal } from './rpc-response.ts'

/** How long sessions live, and how many there may be. */
export interface SessionOptions {
  /** Seconds without a request after which a session ends. @default 3600 */
  readonly idle?: number | undefined
  /** Sessions of one caller; one more ends the one that was used longest ago. @default 32 */
  readonly perCaller?: number | undefined
  /** Sessions of all callers; one more ends the one that was used longest ago. @default 10000 */
  readonly total?: number | undefined
}

/** A conversation with a client that has shaken hands, bound to who did. */
export interface Session {
  readonly connection: SessionConnection
}

/** The open sessions of one server. */
export interface Sessions {
  /** Begins a session for a caller. */
  begin(caller: AccessToken): Promise<Session>
  /**
   * The session that a request names.
   *
   * @throws {HttpRefusal} 400 when it names none, 404 when there is no such session or it is somebody else's
   */
  of(request: Request, caller: AccessToken): Session
}

interface Held extends Session {
  readonly id: string
  readonly principal: string
  usedAt: number
  end(): void
}

/**
 * Makes an empty set of sessions.
 *
 * A session is never a proof of anything: each request comes with a token of its own, and the session only with the
 * same caller.
 *
 * @throws {TypeError} when an option is no positive number
 * @see [MCP 2025-11-25 Transports - Session Management](https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management)
 */
export function createSessions(
  { idle = 3600, perCaller = 32, total = 10_000 }: SessionOptions,
  open: McpBinding['openSession'],
  hub: ChangeHub,
  runtime: Runtime,
): Sessions {
  if (![idle, perCaller, total].every((value) => Number.isSafeInteger(value) && value > 0))
    throw new TypeError('the options of sessions must be positive whole numbers')
  // In the order of their use, oldest first.
  const sessions = new Map<string, Held>()

  function touch(session: Held): Held {
    session.usedAt = runtime.now()
    sessions.delete(session.id)
    sessions.set(session.id, session)
    return session
  }
  function makeRoom(principal: string): void {
    const tooOld = runtime.now() - idle * 1000
    for (const session of sessions.values()) {
      if (session.usedAt > tooOld) break
      session.end()
    }
    const own = [...sessions.values()].filter((session) => session.principal === principal)
    if (own.length >= perCaller) own[0]?.end()
    if (sessions.size >= total) [...sessions.values()][0]?.end()
  }
  return {
    async begin(caller) {
      const principal = principalOf(caller)
      makeRoom(principal)
      const id = encodeBase64url(runtime.randomBytes(32))
      const connection = await open(id, () => sessions.get(id)?.end())
      const leave = hub.add(caller, (method) => connection.listChanged(method))
      const session: Held = {
        id,
        principal,
        connection,
        usedAt: runtime.now(),
        end() {
          if (!sessions.delete(id)) return
          leave()
          connection.close().catch(() => {})
        },
      }
      return touch(session)
    },
    of(request, caller) {
      const id = request.headers.get('mcp-session-id')
      if (id === null) throw new HttpRefusal(400, errorCode.transport, 'Mcp-Session-Id is missing')
      const session = sessions.get(id)
      // Somebody else's session is as unknown as none: its existence is nobody's business.
      if (session === undefined || session.principal !== principalOf(caller))
        throw new HttpRefusal(404, errorCode.transport, 'Session not found')
      if (session.usedAt <= runtime.now() - idle * 1000) {
        session.end()
        throw new HttpRefusal(404, errorCode.transport, 'Session not found')
      }
      return touch(session)
    },
  }
}
