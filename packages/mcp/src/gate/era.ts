import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import type { Message } from './message.ts'

/** Which protocol a message speaks: with a handshake (up to 2025-11-25), or with an envelope in each request. */
export type Era = 'legacy' | 'modern'

const versionKey = 'io.modelcontextprotocol/protocolVersion'
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'
const clientInfoKey = 'io.modelcontextprotocol/clientInfo'
const firstModern = '2026-07-28'

const nameSources: Readonly<Record<string, 'name' | 'uri'>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
}

/** The `_meta` of a message. */
function metaOf({ params }: Message): Readonly<Record<string, unknown>> {
  const meta = params._meta
  return typeof meta === 'object' && meta !== null ? (meta as Readonly<Record<string, unknown>>) : {}
}

/** Tells the era by the body; a body that claims none is modern only if the header names a modern revision. */
export function eraOf(message: Message, headers: Headers): Era {
  if (versionKey in metaOf(message)) return 'modern'
  const named = headers.get('mcp-protocol-version')?.trim() ?? ''
  return /^\d{4}-\d\d-\d\d$/.test(named) && named >= firstModern ? 'modern' : 'legacy'
}

/** The revision that a message or its header names. */
export function namedVersion(message: Message, headers: Headers): string | undefined {
  const claimed = metaOf(message)[versionKey]
  return typeof claimed === 'string' ? claimed : (headers.get('mcp-protocol-version')?.trim() ?? undefined)
}

/** Whether a request's envelope is complete for one of these revisions; what is not, the SDK explains. */
export function hasCompleteEnvelope(message: Message, versions: readonly string[]): boolean {
  const { [versionKey]: version, [capabilitiesKey]: capabilities, [clientInfoKey]: info } = metaOf(message)
  return (
    typeof version === 'string' &&
    versions.includes(version) &&
    typeof capabilities === 'object' &&
    capabilities !== null &&
    (info === undefined || (typeof info === 'object' && info !== null))
  )
}

/**
 * Checks that the headers of a modern request say what its body says.
 *
 * Whoever routes or filters by these headers must not be told another story than the one that is executed.
 *
 * @throws {JsonRpcError} `-32020` when one is missing or differs
 */
export function checkStandardHeaders(message: Message, headers: Headers): void {
  const { id, method, params } = message
  if (id === undefined || method === undefined) return
  const version = headers.get('mcp-protocol-version')?.trim()
  const claimed = metaOf(message)[versionKey]
  if (typeof claimed === 'string' && version !== claimed)
    throw mismatch('MCP-Protocol-Version is missing or differs from the body')
  if (headers.get('mcp-method')?.trim() !== method)
    throw mismatch('Mcp-Method is missing or differs from the body')
  const source = Object.hasOwn(nameSources, method) ? nameSources[method] : undefined
  const name = source && params[source]
  if (typeof name !== 'string') return
  if (decodeHeader(headers.get('mcp-name')?.trim()) !== name)
    throw mismatch('Mcp-Name is missing or differs from the body')
}

/**
 * Checks the headers of a message of an earlier era, where they need not be there: those that are must say what the body says.
 *
 * @throws {JsonRpcError} `-32020` when one differs
 */
export function checkVolunteeredHeaders(message: Message, headers: Headers): void {
  const { method, params } = message
  const named = headers.get('mcp-method')?.trim()
  if (named !== undefined && named !== method) throw mismatch('Mcp-Method differs from the body')
  const presented = headers.get('mcp-name')?.trim()
  const source = method !== undefined && Object.hasOwn(nameSources, method) ? nameSources[method] : undefined
  const name = source && params[source]
  if (presented !== undefined && typeof name === 'string' && decodeHeader(presented) !== name)
    throw mismatch('Mcp-Name differs from the body')
}

/** Decodes `=?base64?…?=`; a value that only looks like it is taken literally or gives `undefined`. */
function decodeHeader(value: string | undefined): string | undefined {
  const encoded = value === undefined ? undefined : /^=\?base64\?(.*)\?=$/s.exec(value)?.[1]
  if (encoded === undefined) return value
  try {
    const binary = atob(encoded)
    // atob is lenient; only the canonical spelling is one value.
    if (btoa(binary) !== encoded) return undefined
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function mismatch(what: string): JsonRpcError {
  return new JsonRpcError(errorCode.headerMismatch, `Header mismatch: ${what}`)
}
