import { printableText } from '@gatewright/core'
import { failure, text, type CallToolResult, type ContentBlock } from '@gatewright/mcp'
import { isObject } from '../document/json-object.ts'

/**
 * Turns the answer of an API into a tool result. Its type decides: JSON is parsed, text stays text, everything else is bytes in
 * base64. Nothing in it is followed, rendered or run, and none of its headers goes on.
 */
export async function readResponse(response: Response, tool: string): Promise<CallToolResult> {
  const type = response.headers.get('content-type')?.toLowerCase() ?? ''
  const [essence = ''] = type.split(';')
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (!response.ok) return refusal(response.status, isText(essence) ? decode(bytes, type) : '')
  if (bytes.byteLength === 0) return text(`Done (HTTP ${response.status}).`)
  if (isJson(essence)) return json(decode(bytes, type))
  if (isText(essence)) return text(decode(bytes, type))
  return { content: [blob(bytes, essence, tool)] }
}

/** What went wrong, as far as it is the business of who asked. */
function refusal(status: number, body: string): CallToolResult {
  // The credential is the gateway's own, and its challenge is for the gateway: a client that followed it would log in elsewhere.
  if (status === 401 || status === 403)
    return failure(`The API refused the call (HTTP ${status}). The gateway's credential does not permit it.`)
  if (status >= 500) return failure(`The API failed (HTTP ${status}).`)
  const said = printableText(body, 2000).trim()
  return failure(`The API refused the call (HTTP ${status}).${said === '' ? '' : `\n${said}`}`)
}

function json(body: string): CallToolResult {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? { ...text(body), structuredContent: value } : text(body)
  } catch {
    return text(body)
  }
}

function blob(bytes: Uint8Array, essence: string, tool: string): ContentBlock {
  const mimeType = /^[\w.+-]+\/[\w.+-]+$/.test(essence) ? essence : 'application/octet-stream'
  const data = toBase64(bytes)
  const [kind] = mimeType.split('/')
  if (kind === 'image' || kind === 'audio') return { type: kind, data, mimeType }
  return { type: 'resource', resource: { uri: `urn:tool-result:${tool}`, mimeType, blob: data } }
}

function isJson(essence: string): boolean {
  return /^[\w.-]+\/(?:[\w.+-]+\+)?json$/.test(essence)
}

function isText(essence: string): boolean {
  return (
    isJson(essence) || /^text\/|^application\/(?:[\w.+-]+\+)?(?:xml|yaml|x-ndjson|javascript)$/.test(essence)
  )
}

/** Text in the charset that it claims, or in UTF-8 where that is unknown; what does not fit becomes a replacement character. */
function decode(bytes: Uint8Array, type: string): string {
  const [, charset = 'utf-8'] = /charset="?([\w-]+)/.exec(type) ?? []
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let index = 0; index < bytes.length; index += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(index, index + 0x8000))
  return btoa(binary)
}
