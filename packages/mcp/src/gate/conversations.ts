import type { Runtime } from '@gatewright/core'
import type { AccessToken } from '@gatewright/resource-server'
import type { ToolRegistry } from '../registry/tool-registry.ts'
import type { McpBinding, McpExchange } from './binding.ts'
import { createChangeHub } from './change-hub.ts'
import { eraOf } from './era.ts'
import type { Message } from './message.ts'
import type { RequestId } from './rpc-response.ts'
import { createSessions, type Session, type SessionOptions } from './sessions.ts'
import { createStreams, type Place, type StreamLimits } from './streams.ts'

/** Options for what lasts longer than a request. */
export interface ConversationOptions {
  /**
   * Whether clients of the handshake era get a session, in which tools can ask them and they are told of changes.
   *
   * Sessions live in this process: where several serve one URL, the same must get all requests of a session.
   *
   * @default none: every request stands alone
   */
  readonly sessions?: boolean | SessionOptions | undefined
  /** How many streams clients may hold open: to wait for news, and for the answers to requests of a session. */
  readonly streams?: StreamLimits | undefined
}

/** What lasts longer than a request: sessions, and streams on which clients wait for news. */
export interface Conversations {
  /** Looks at a verified token, for the sake of those who wait for news. */
  seen(caller: AccessToken): void
  /**
   * The session that messages belong to, a new one for a handshake; `undefined` where there are no sessions.
   *
   * @throws {HttpRefusal} when they name none, or not one of the caller's
   */
  sessionOf(
    request: Request,
    caller: AccessToken | undefined,
    messages: readonly Message[],
  ): Promise<Session | undefined>
  /** Answers GET and DELETE of a session; `undefined` for every other request. @throws {HttpRefusal} likewise */
  withoutBody(request: Request, caller: AccessToken): Promise<Response | undefined>
  /** Answers messages of a session. Their answers come as streams, which count like those on which clients wait. */
  inSession(session: Session, exchange: McpExchange, caller: AccessToken): Promise<Response>
  /** Answers `subscriptions/listen`; `undefined` for every other message. */
  listen(
    exchange: McpExchange,
    message: Message | undefined,
    caller: AccessToken | undefined,
  ): Promise<Response | undefined>
}

/**
 * Makes the conversations of one server.
 *
 * @throws {TypeError} when an option is malformed
 */
export function createConversations(
  registry: ToolRegistry,
  binding: McpBinding,
  { sessions: wanted = false, streams: limits = {} }: ConversationOptions,
  runtime: Runtime,
): Conversations {
  const hub = createChangeHub(registry)
  const streams = createStreams(limits, () => runtime.now())
  const sessions =
    wanted === false
      ? undefined
      : createSessions(
          wanted === true ? {} : wanted,
          (id, ended) => binding.openSession(id, ended),
          hub,
          runtime,
        )

  async function listenModern(
    exchange: McpExchange,
    caller: AccessToken,
    id: RequestId | undefined,
  ): Promise<Response | undefined> {
    const place = streams.take(caller, id)
    if (place instanceof Response) return place
    return orLeave(place, async () => {
      const stream = await binding.listen?.(exchange)
      if (stream === undefined) {
        place.leave()
        return undefined
      }
      const leave = hub.add(caller, (method) => stream.listChanged(method))
      return place.hold(stream.response, () => {
        leave()
        stream.close()
      })
    })
  }
  return {
    seen: (caller) => hub.seen(caller),
    async sessionOf(request, caller, messages) {
      if (sessions === undefined || caller === undefined) return undefined
      if (messages.some((message) => eraOf(message, request.headers) === 'modern')) return undefined
      const [first, ...others] = messages
      return first?.method === 'initialize' && others.length === 0
        ? sessions.begin(caller)
        : sessions.of(request, caller)
    },
    async withoutBody(request, caller) {
      const { method, headers } = request
      if (sessions === undefined || (method !== 'GET' && method !== 'DELETE')) return undefined
      if (eraOf({ params: {} }, headers) === 'modern') return undefined
      const { connection } = sessions.of(request, caller)
      if (method === 'DELETE') return connection.serve(request, caller, undefined)
      const place = streams.take(caller)
      if (place instanceof Response) return place
      return orLeave(place, async () =>
        place.hold(await connection.serve(request, caller, undefined), () => {}),
      )
    },
    async inSession({ connection }, exchange, caller) {
      const { request, messages } = exchange
      const asked = messages.find(({ id, method }) => id !== undefined && method !== undefined)
      // Notifications and what the client answers open no stream, and a handshake is answered at once.
      const opens = asked !== undefined && asked.method !== 'initialize'
      if (!opens) return connection.serve(request, caller, exchange)
      const place = streams.take(caller, asked.id)
      if (place instanceof Response) return place
      return orLeave(place, async () => place.count(await connection.serve(request, caller, exchange)))
    },
    async listen(exchange, message, caller) {
      if (message?.method !== 'subscriptions/listen' || caller === undefined) return undefined
      return listenModern(exchange, caller, message.id)
    },
  }
}

/** What opens the stream of a place, which is given up when that fails. */
async function orLeave<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    place.leave()
    throw error
  }
}
