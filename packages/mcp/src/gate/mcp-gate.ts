import { defaultRuntime, type RequestContext, type RequestHandler, type Runtime } from '@gatewright/core'
import type { AccessToken, ResourceServer } from '@gatewright/resource-server'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import type { CallExtra } from '../registry/caller.ts'
import type { ToolRegistry } from '../registry/tool-registry.ts'
import type { McpBinding, McpExchange } from './binding.ts'
import { onlyLists } from './anonymous.ts'
import { createConversations, type ConversationOptions } from './conversations.ts'
import { directAnswer, type ServerInfo } from './direct-answer.ts'
import {
  checkStandardHeaders,
  checkVolunteeredHeaders,
  eraOf,
  hasCompleteEnvelope,
  namedVersion,
} from './era.ts'
import { invalidRequest, parseMessages, type Message } from './message.ts'
import { createOriginPolicy } from './origin-policy.ts'
import { createRateLimiter, type RateLimitOptions } from './rate-limit.ts'
import { readMessage } from './read-message.ts'
import { errorResponse, HttpRefusal } from './rpc-response.ts'
import { scopeRefusal } from './scope-decision.ts'

/** Options of `mcpServer`, in either binding. */
export interface McpServerOptions extends ServerInfo, ConversationOptions {
  /** What there is, and who may use it. */
  readonly registry: ToolRegistry
  /** Who verifies the tokens; its resource is the URL of the server. */
  readonly resourceServer: ResourceServer
  /** Tells the model how to use the server. @default none */
  readonly instructions?: string | undefined
  /** Origins of web pages that may call, besides this machine's and the resource's own. @default [] */
  readonly allowedOrigins?: readonly string[] | undefined
  /** How often one caller may call one tool. @default no limit */
  readonly rateLimit?: RateLimitOptions | undefined
  /** The clock. @default the runtime's own */
  readonly runtime?: Runtime | undefined
  /** Bytes of a request's body. @default 4194304 */
  readonly maximumRequestSize?: number | undefined
}

const protocolMethods = new Set(['initialize', 'ping', 'server/discover'])

/**
 * Puts the gate in front of an SDK: whatever reaches it has a verified caller who may do what it asks for.
 *
 * @throws {TypeError} when an option is missing or malformed
 */
export function createMcpGate(options: McpServerOptions, binding: McpBinding): RequestHandler {
  const { registry, resourceServer, name, version, title, maximumRequestSize = 4 * 1024 * 1024 } = options
  if (!Number.isSafeInteger(maximumRequestSize) || maximumRequestSize < 1)
    throw new TypeError('maximumRequestSize must be a positive number of bytes')
  const info: ServerInfo = { name, version, ...(title === undefined ? {} : { title }) }
  const resource = new URL(resourceServer.resource)
  const origins = createOriginPolicy(resource, options.allowedOrigins ?? [])
  const { runtime = defaultRuntime } = options
  const limiter = options.rateLimit && createRateLimiter(options.rateLimit, registry, () => runtime.now())
  const parts = { registry, resourceServer }
  const conversations = createConversations(registry, binding, options, runtime)

  async function answer(request: Request, context: RequestContext | undefined): Promise<Response> {
    // Before the method: clients that probe with GET learn from a 401 that they must log in.
    const caller = await resourceServer.authenticate(request, context)
    if (caller instanceof Response) return (await answerAnonymous(request, context)) ?? caller
    conversations.seen(caller)
    try {
      const answered = await conversations.withoutBody(request, caller)
      if (answered !== undefined) return answered
      const body = await readMessage(request, maximumRequestSize)
      return await answerMessages(request, context, caller, body)
    } catch (error) {
      if (error instanceof HttpRefusal) return error.response()
      throw error
    }
  }

  /** Answers lists to callers that present nothing, where that is wanted; a token that is not valid is never nothing. */
  async function answerAnonymous(
    request: Request,
    context: RequestContext | undefined,
  ): Promise<Response | undefined> {
    if (!registry.anonymousListing || request.headers.has('authorization')) return undefined
    try {
      const body = await readMessage(request, maximumRequestSize)
      if (!onlyLists(parseMessages(body, request.headers.get('mcp-protocol-version')))) return undefined
      return await answerMessages(request, context, undefined, body)
    } catch (error) {
      if (error instanceof HttpRefusal) return undefined
      throw error
    }
  }

  async function answerMessages(
    request: Request,
    context: RequestContext | undefined,
    caller: AccessToken | undefined,
    body: unknown,
  ): Promise<Response> {
    const messages = parseMessages(body, request.headers.get('mcp-protocol-version'))
    const [message] = messages
    const single = Array.isArray(body) ? undefined : message
    if (single === undefined && messages.some((item) => eraOf(item, request.headers) === 'modern'))
      throw invalidRequest('Batches are not supported')
    // No header can speak for several messages.
    if (single === undefined && (request.headers.has('mcp-method') || request.headers.has('mcp-name')))
      throw invalidRequest('Mcp-Method and Mcp-Name cannot describe a batch')
    try {
      const refused = single && protocolRefusal(single, request.headers)
      if (refused !== undefined) return refused
      const forbidden = caller && (await scopeRefusal(messages, caller, { context }, parts))
      if (forbidden !== undefined) return forbidden
      const limited = caller && (await limiter?.(messages, caller, { context }))
      if (limited !== undefined) return limited
    } catch (error) {
      if (error instanceof JsonRpcError) return errorResponse(statusOf(error), error, single?.id)
      throw error
    }
    const session = await conversations.sessionOf(request, caller, messages)
    const modern = single !== undefined && eraOf(single, request.headers) === 'modern'
    const extra = { request, context, acceptsInputRequired: modern, progress: async () => {} }
    const direct = session === undefined && single && directRequest(single, request.headers)
    if (direct) {
      // A signal that no handler asks for would cost an adapter a listener on the connection, and all of a request besides.
      const asked = {
        ...extra,
        params: single.params,
        get signal() {
          return request.signal
        },
      }
      return directAnswer(direct, registry, caller, asked, info)
    }
    const exchange = exchangeOf(messages, body, caller, { ...extra, signal: request.signal })
    if (session !== undefined && caller !== undefined)
      return conversations.inSession(session, exchange, caller)
    return (await conversations.listen(exchange, single, caller)) ?? binding.serve(exchange)
  }

  function isAnswered(method: string, modern: boolean): boolean {
    if (method === 'subscriptions/listen') return modern && binding.listen !== undefined
    return protocolMethods.has(method) || registry.answers(method)
  }

  /** What the message asks of the protocol itself, before anyone is asked whether it may. */
  function protocolRefusal(message: Message, headers: Headers): Response | undefined {
    const { id, method } = message
    const modern = eraOf(message, headers) === 'modern'
    if ((modern && binding.modernVersions.length === 0) || (!modern && method === 'server/discover')) {
      const data = {
        supported: [...binding.modernVersions, ...binding.legacyVersions],
        requested: namedVersion(message, headers),
      }
      // Clients that start with the newer protocol fall back to the handshake on this answer.
      return errorResponse(
        400,
        new JsonRpcError(errorCode.unsupportedVersion, 'Unsupported protocol version', data),
        id,
      )
    }
    if (modern) checkStandardHeaders(message, headers)
    else checkVolunteeredHeaders(message, headers)
    // What is not on the list never reaches the SDK, which may learn methods that nobody has gated.
    if (id !== undefined && method !== undefined && !isAnswered(method, modern))
      return errorResponse(
        modern ? 404 : 200,
        new JsonRpcError(errorCode.methodNotFound, 'Method not found'),
        id,
      )
    return undefined
  }

  /** The request, if it is one for the registry and in order; whatever is odd about it, the SDK explains. */
  function directRequest(message: Message, headers: Headers) {
    const { id, method, params } = message
    if (id === undefined || method === undefined || !registry.answers(method) || hasProgressToken(params))
      return undefined
    const era = eraOf(message, headers)
    const named = headers.get('mcp-protocol-version')
    const known =
      era === 'modern'
        ? hasCompleteEnvelope(message, binding.modernVersions)
        : named === null || binding.legacyVersions.includes(named)
    return known ? { id, method, era } : undefined
  }

  function exchangeOf(
    messages: readonly Message[],
    body: unknown,
    caller: AccessToken | undefined,
    extra: Omit<CallExtra, 'params'> & { readonly request: Request },
  ): McpExchange {
    return {
      request: extra.request,
      body,
      caller,
      messages,
      wantsProgress: messages.some(({ params }) => hasProgressToken(params)),
      answer: (method, params, answerOptions) =>
        registry.dispatch(method, caller, { ...extra, ...answerOptions, params }),
    }
  }

  return {
    origin: resourceServer.origin,
    async handle(request, context) {
      if (new URL(request.url).pathname !== resource.pathname) return resourceServer.handle(request, context)
      const refused = origins.refusal(request)
      if (refused !== undefined) return errorResponse(403, new JsonRpcError(errorCode.transport, refused))
      try {
        return origins.share(request, origins.preflight(request) ?? (await answer(request, context)))
      } catch (cause) {
        registry.report({ type: 'request.failed', cause, ip: context?.ip, requestId: context?.requestId })
        const failed = new JsonRpcError(errorCode.internalError, 'Internal error')
        return origins.share(request, errorResponse(500, failed))
      }
    },
  }
}

/** Errors about what a request names are answers; errors about how it was sent are not. */
function statusOf({ code }: JsonRpcError): number {
  return code === errorCode.headerMismatch ? 400 : 200
}

function hasProgressToken({ _meta: meta }: Readonly<Record<string, unknown>>): boolean {
  return typeof meta === 'object' && meta !== null && 'progressToken' in meta
}
