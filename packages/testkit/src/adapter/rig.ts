import type { RequestContext, RequestHandler } from '@gatewright/core'
import { readAnswer } from './answer.ts'
import type { Answer } from './answer.ts'
import { openHttp1, openHttp2 } from './exchange.ts'
import type { Exchange, Outgoing } from './exchange.ts'
import { rawExchange } from './raw-exchange.ts'
import type { AdapterOptions, AdapterTraits, StartAdapter } from './start-adapter.ts'

/** The public origin of the handlers under test: never the address they listen on. */
export const origin = 'https://gateway.example'

/** What answers the requests of a test. */
export type Handle = (
  request: Request,
  context: RequestContext,
) => Response | undefined | Promise<Response | undefined>

/** A server for the duration of a test. Paths are relative to the prefix under which the handler is mounted. */
export interface Running {
  readonly open: (request: Outgoing) => Exchange
  readonly send: (request: Outgoing, body?: string | Uint8Array) => Promise<Answer>
  /** Sends bytes over HTTP/1.1 as they are. */
  readonly raw: (request: string) => Promise<string>
}

/** Runs tests against servers of one adapter. */
export interface Rig {
  readonly traits: Required<AdapterTraits>
  /** The handler's path for a path relative to the mount. */
  readonly path: (relative: string) => string
  /** Starts a server with the handler, runs the test and stops the server. */
  readonly serve: (
    handle: Handle,
    run: (server: Running) => Promise<void>,
    options?: AdapterOptions,
  ) => Promise<void>
}

/** Makes the rig of one adapter. */
export function createRig(
  start: StartAdapter,
  {
    prefix = '',
    parsed = false,
    http2 = false,
    lengthless = false,
    middleware = false,
    app = false,
    noWholeTargets = '',
  }: AdapterTraits,
): Rig {
  const path = (relative: string) => prefix + relative
  const connect = http2 ? openHttp2 : openHttp1
  return {
    traits: { prefix, parsed, http2, lengthless, middleware, app, noWholeTargets },
    path,
    async serve(handle, run, options = {}) {
      const opened: Exchange[] = []
      const { url, close } = await start({ origin, handle: handle as RequestHandler['handle'] }, options)
      const open: Running['open'] = (request) => {
        const exchange = connect(url, { ...request, path: path(request.path) })
        exchange.upload.on('error', () => {})
        opened.push(exchange)
        return exchange
      }
      try {
        await run({
          open,
          async send(request, body) {
            const { upload, response } = open(request)
            upload.end(body)
            return readAnswer(await response)
          },
          raw: (request) => rawExchange(url, request),
        })
      } finally {
        for (const exchange of opened) exchange.abort()
        await close()
      }
    },
  }
}
