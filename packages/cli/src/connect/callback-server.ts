import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Waits on this machine for the browser to come back. */
export interface CallbackServer {
  readonly redirectUri: string
  /** Resolves to what the browser brought back for a state. */
  callback(state: string): Promise<URLSearchParams>
  close(): void
}

const page = (title: string, text: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>` +
  `<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}@media(prefers-color-scheme:dark){body{background:#16181d;color:#eee}}</style>` +
  `<h1>${title}</h1><p>${text}</p></html>`

/**
 * Starts to listen on 127.0.0.1.
 *
 * @param port 0 takes a free one
 * @throws {Error} when the port is in use
 */
export async function startCallbackServer(port: number): Promise<CallbackServer> {
  const waiting = new Map<string, (parameters: URLSearchParams) => void>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const state = url.searchParams.get('state') ?? ''
    const resume = url.pathname === '/callback' && request.method === 'GET' ? waiting.get(state) : undefined
    waiting.delete(state)
    const failed = url.searchParams.has('error')
    response.writeHead(resume === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      connection: 'close',
    })
    if (resume === undefined)
      response.end(page('Nothing here', 'This page belongs to a sign-in that has ended.'))
    else if (failed) response.end(page('Not connected', 'Access was not granted. You can close this tab.'))
    else response.end(page('Connected', 'You can close this tab and go back to your application.'))
    resume?.(url.searchParams)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? new Error(`port ${port} is in use; choose another with --callback-port`)
      : error
  })
  server.unref()
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    callback: (state) => new Promise((resolve) => waiting.set(state, resolve)),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
