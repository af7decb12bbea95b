import { request } from 'node:https'

/** What one end of a TLS connection has, in PEM. */
export interface TlsEnd {
  readonly ca: string
  readonly cert?: string
  readonly key?: string
}

/** What both libraries call instead of `fetch`. */
export type Send = (url: string, init?: RequestInit | object) => Promise<Response>

/** A `fetch` whose connections trust one authority and show one certificate. */
export function tlsFetch(end: TlsEnd): Send {
  return (url, init) => {
    const sent = new Request(url, init)
    return new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        { ...end, agent: false, method: sent.method, headers: Object.fromEntries(sent.headers) },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('end', () => {
            const headers = new Headers()
            for (const [name, values = []] of Object.entries(incoming.headersDistinct))
              for (const value of values) headers.append(name, value)
            const { statusCode: status = 500 } = incoming
            const body = [204, 303, 304].includes(status) ? null : Buffer.concat(chunks)
            resolve(new Response(body, { status, headers }))
          })
        },
      )
      outgoing.on('error', reject)
      sent.arrayBuffer().then((body) => outgoing.end(Buffer.from(body)), reject)
    })
  }
}
