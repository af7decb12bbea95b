import { createHash, randomBytes } from 'node:crypto'
import { createBrowser } from './browser.ts'
import type { Browser, Person } from './browser.ts'

/** An answer with its JSON. */
export interface JsonAnswer {
  readonly status: number
  readonly headers: Headers
  readonly json: Readonly<Record<string, unknown>>
}

/** Parameters by name; what is `undefined` is not sent. */
export type Parameters = Readonly<Record<string, string | undefined>>

/** Sends requests as they were measured, without a library that would mend them. */
export interface RawClient {
  readonly browser: Browser
  register(body: object): Promise<JsonAnswer>
  /** Sends the user through the browser; resolves to the callback and the verifier that belongs to its code. */
  authorize(parameters: Parameters, person?: Person): Promise<{ callback: URL; verifier: string }>
  /** Posts a form; `basic` is what stands decoded in the Basic header. */
  post(path: string, parameters: Parameters, basic?: string): Promise<JsonAnswer>
  /** Authorizes, and redeems the code in the way of a public client. */
  signIn(parameters: Parameters, person?: Person): Promise<JsonAnswer['json']>
  /** Posts a JSON-RPC message to an MCP endpoint. */
  rpc(url: string, message: object, headers?: Readonly<Record<string, string>>): Promise<JsonAnswer>
}

/** Makes a client of an authorization server with the default paths. */
export function createRawClient(issuer: string): RawClient {
  const browser = createBrowser()
  const authorize: RawClient['authorize'] = async (parameters, person) => {
    const verifier = randomBytes(32).toString('base64url')
    const url = new URL(`${issuer}/authorize`)
    url.search = toForm({
      response_type: 'code',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      state: 's-1',
      ...parameters,
    }).toString()
    return { callback: await browser.authorize(url, person), verifier }
  }
  const post: RawClient['post'] = async (path, parameters, basic) =>
    read(
      await fetch(issuer + path, {
        method: 'POST',
        body: toForm(parameters),
        headers: basic === undefined ? {} : { authorization: `Basic ${btoa(basic)}` },
      }),
    )
  return {
    browser,
    authorize,
    post,
    register: async (body) =>
      read(
        await fetch(`${issuer}/register`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', accept: 'application/json' },
        }),
      ),
    async signIn(parameters, person) {
      const { callback, verifier } = await authorize(parameters, person)
      const { client_id: clientId, redirect_uri: redirectUri, resource } = parameters
      const { json } = await post('/token', {
        grant_type: 'authorization_code',
        code: callback.searchParams.get('code') ?? '',
        code_verifier: verifier,
        redirect_uri: redirectUri,
        client_id: clientId,
        resource,
      })
      return json
    },
    rpc: async (url, message, headers = {}) =>
      read(
        await fetch(url, {
          method: 'POST',
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...headers,
          },
        }),
      ),
  }
}

function toForm(parameters: Parameters): URLSearchParams {
  const sent = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(sent)
}

async function read(response: Response): Promise<JsonAnswer> {
  const text = await response.text()
  // The SDK may answer with a stream of one event.
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text
  return { status: response.status, headers: response.headers, json: json === '' ? {} : JSON.parse(json) }
}
