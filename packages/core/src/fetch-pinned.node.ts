import dns from 'node:dns/promises'
import { request as requestHttp } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseIpAddress } from './ip-address.ts'
import type { IpAddress } from './ip-address.ts'
import type { PinnedRequest } from './pinned-fetch.ts'

interface HostAddress {
  readonly address: string
  readonly family: number
}

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly HostAddress[]>

const systemResolver: Resolve = (hostname) => dns.lookup(hostname, { all: true })

/**
 * Sends one request to an address that is permitted: it looks the name up once, refuses when any of its addresses is not permitted,
 * and connects to one of those that it saw, so that a second answer of the name server changes nothing.
 */
export async function fetchPinned(
  url: URL,
  request: PinnedRequest,
  permits: (address: IpAddress) => boolean,
  resolve: Resolve = systemResolver,
): Promise<Response> {
  const permitted = (text: string | undefined): boolean => {
    const address = text === undefined ? undefined : parseIpAddress(text.replace(/%.*$/, ''))
    return address !== undefined && permits(address)
  }
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(hostname)
  const addresses = family === 0 ? await resolve(hostname) : [{ address: hostname, family }]
  // One name with a public and an inner address is how a filter that looks at the first is passed.
  if (addresses.length === 0 || !addresses.every(({ address }) => permitted(address)))
    throw new Error(`${url.host} is not at a public address`)
  request.signal.throwIfAborted()
  return send(url, request, addresses, permitted)
}

function send(
  url: URL,
  { method, headers, body, signal }: PinnedRequest,
  addresses: readonly HostAddress[],
  permitted: (address: string | undefined) => boolean,
): Promise<Response> {
  const lookupPinned = ((_hostname, options, done) => {
    const [first] = addresses
    if (options.all === true) done(null, [...addresses])
    else done(null, first?.address ?? '', first?.family)
  }) satisfies LookupFunction
  return new Promise((fulfil, reject) => {
    const sent: OutgoingHttpHeaders = Object.fromEntries(headers)
    const options = { method, headers: sent, signal, agent: false, lookup: lookupPinned } as const
    const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
    request.on('socket', (socket) => {
      socket.once('connect', () => {
        // What counts is where the connection went, should a runtime have resolved the name by itself.
        if (!permitted(socket.remoteAddress))
          request.destroy(new Error(`${url.host} is not at a public address`))
      })
    })
    request.on('error', reject)
    request.on('response', (message) => {
      try {
        fulfil(toResponse(message))
      } catch (error) {
        request.destroy()
        reject(error instanceof Error ? error : new Error('the answer cannot be read', { cause: error }))
      }
    })
    request.end(body === null ? undefined : new Uint8Array(body))
  })
}

function toResponse(message: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = message
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  const withoutBody = [204, 205, 304].includes(status)
  if (withoutBody) message.resume()
  return new Response(withoutBody ? null : decoded(message, headers), { status, statusText, headers })
}

/** The body as the server meant it. Only gzip is undone, since nothing was asked for but the plain body. */
function decoded(message: IncomingMessage, headers: Headers): ReadableStream<Uint8Array> {
  const coding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  if (coding !== 'identity' && coding !== 'gzip')
    throw new Error(`the answer has the content coding ${coding}, which was not asked for`)
  const body = coding === 'gzip' ? createGunzip() : message
  // Whoever stops reading ends the connection as well.
  if (body !== message) pipeline(message, body as ReturnType<typeof createGunzip>, () => {})
  return Readable.toWeb(body) as ReadableStream<Uint8Array>
}
