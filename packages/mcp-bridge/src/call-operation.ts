import type { CallExtra, CallToolResult, Caller } from '@gatewright/mcp'
import { failure } from '@gatewright/mcp'
import type { EventSink } from '@gatewright/core'
import type { OutboundAuthorization, OutboundCredential } from '@gatewright/token-exchange'
import type { JsonObject } from './document/json-object.ts'
import { ArgumentError } from './request/argument-error.ts'
import { toRequest, type RequestPlan } from './request/request-plan.ts'
import { readResponse } from './response/read-response.ts'

/** What all tools of a bridge share. */
export interface Upstream {
  readonly authorization: OutboundAuthorization
  /** Headers of the caller's request that are passed on, in lower case. */
  readonly forwardHeaders: readonly string[]
  readonly fetch: typeof fetch
}

/** One tool: what it is called, what it needs, and what its arguments become. */
export interface OperationCall {
  readonly tool: string
  readonly scopes: readonly string[]
  readonly plan: RequestPlan
}

/** Calls the API in the name of a caller. It never throws: what fails is a tool error, and its cause an event. */
export async function callOperation(
  { tool, scopes, plan }: OperationCall,
  { authorization, forwardHeaders, fetch }: Upstream,
  args: JsonObject,
  caller: Caller,
  extra: CallExtra,
  report: EventSink,
): Promise<CallToolResult> {
  const { subject, clientId, token, expiresAt, jti, act } = caller
  const details = { name: tool, subject, clientId, jti, act, requestId: extra.context?.requestId }
  const fail = (message: string, reason: string, cause?: unknown) => {
    report({ type: 'upstream.failed', ...details, reason, cause })
    return failure(message)
  }

  let request
  try {
    request = toRequest(plan, args)
  } catch (error) {
    if (error instanceof ArgumentError) return failure(`The arguments are not valid.\n${error.message}`)
    throw error
  }
  let credential: OutboundCredential
  try {
    credential = await authorization.credential({
      caller: { subject, clientId, token, jti, expiresAt },
      tool,
      scopes,
    })
  } catch (cause) {
    return fail(
      'The gateway has no credential for this API that it could use for you.',
      'no_credential',
      cause,
    )
  }
  const { url, method, headers, body } = request
  if (!headers.has('accept')) headers.set('accept', 'application/json, */*;q=0.5')
  for (const name of forwardHeaders) {
    const value = extra.request?.headers.get(name) ?? undefined
    if (value !== undefined) headers.set(name, value)
  }
  // Last, so that nothing that a document or a caller can choose stands in its place.
  for (const [name, value] of Object.entries(credential.headers)) headers.set(name, value)
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal: extra.signal,
      ...(body !== undefined && { body }),
    })
    if (response.status === 401) credential.reject?.()
    report({ type: 'upstream.called', ...details, resource: url.origin, reason: `http_${response.status}` })
    return await readResponse(response, tool)
  } catch (cause) {
    return extra.signal.aborted
      ? fail('The call was cancelled.', 'aborted', cause)
      : fail(
          'The API did not answer as it should: it is out of reach, too slow, or sends too much.',
          'unavailable',
          cause,
        )
  }
}
