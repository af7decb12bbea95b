import { isTooDeep, readBody } from '@gatewright/core'
import { errorCode } from '../json-rpc-error.ts'
import { HttpRefusal } from './rpc-response.ts'

/**
 * Reads a request's JSON body, once.
 *
 * @throws {HttpRefusal} when the method, the headers, the size or the syntax are not in order
 * @see [MCP 2025-11-25 Transports - Sending Messages to the Server](https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server)
 */
export async function readMessage(request: Request, maximumSize: number): Promise<unknown> {
  const { method, headers } = request
  if (method !== 'POST')
    throw new HttpRefusal(405, errorCode.transport, 'Method not allowed', { allow: 'POST' })
  // A page can send text/plain or a form anywhere without asking first; JSON needs a preflight.
  if (mediaType(headers.get('content-type')) !== 'application/json')
    throw new HttpRefusal(415, errorCode.transport, 'Content-Type must be application/json')
  const accepted = headers.get('accept')?.split(',').map(mediaType) ?? []
  if (!accepted.includes('application/json') || !accepted.includes('text/event-stream'))
    throw new HttpRefusal(406, errorCode.transport, 'Accept must list application/json and text/event-stream')
  const text = await readBody(request, maximumSize)
  if (text === undefined) throw new HttpRefusal(413, errorCode.transport, 'The request is too large')
  if (isTooDeep(text))
    throw new HttpRefusal(400, errorCode.invalidRequest, 'The request is nested too deeply')
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpRefusal(400, errorCode.parseError, 'Parse error')
  }
}

function mediaType(value: string | null): string {
  const [type = ''] = (value ?? '').split(';')
  return type.trim().toLowerCase()
}
