import http from 'node:http'
import http2 from 'node:http2'
import type { Readable, Writable } from 'node:stream'

/** A request to send. */
export interface Outgoing {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The head of an answer, and its body to read. */
export interface Incoming {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

/** One request on a connection of its own. */
export interface Exchange {
  readonly upload: Writable
  readonly response: Promise<Incoming>
  /** Goes away without a word. */
  abort(): void
}

/** Opens an exchange over HTTP/1.1. */
export function openHttp1(url: string, { method = 'GET', path, headers = {} }: Outgoing): Exchange {
  const { hostname, port } = new URL(url)
  const upload = http.request({ hostname, port, method, path, headers, agent: false })
  const response = new Promise<Incoming>((resolve, reject) => {
    upload.on('error', reject)
    upload.on('response', (message) =>
      resolve({ status: message.statusCode ?? 0, headers: message.headers, body: message }),
    )
  })
  response.catch(() => {})
  return { upload, response, abort: () => upload.destroy() }
}

/** Opens an exchange over HTTP/2, trusting any certificate. */
export function openHttp2(url: string, { method = 'GET', path, headers = {} }: Outgoing): Exchange {
  const session = http2.connect(url, { rejectUnauthorized: false })
  session.on('error', () => {})
  const upload = session.request({ ...headers, ':method': method, ':path': path }, { endStream: false })
  upload.on('close', () => session.destroy())
  const response = new Promise<Incoming>((resolve, reject) => {
    upload.on('error', reject)
    upload.on('close', () => reject(new Error('the stream was closed without an answer')))
    upload.on('response', (head) => resolve({ status: head[':status'] ?? 0, headers: head, body: upload }))
  })
  response.catch(() => {})
  return { upload, response, abort: () => session.destroy() }
}
