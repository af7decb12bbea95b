import { createHash, randomBytes } from 'node:crypto'
import { createBrowser } from '../../../interop/test/support/browser.ts'
import type { Browser } from '../../../interop/test/support/browser.ts'

/** An answer of an endpoint, or that there was none because the connection broke. */
export interface Answer {
  readonly status: number | 'lost'
  readonly json: Readonly<Record<string, string | undefined>>
}

/** A code, and what its redemption needs. */
export interface Code {
  readonly code: string
  readonly verifier: string
}

/** A public client of an authorization server that several processes serve. */
export interface Client {
  /** Lets the user approve; one browser stays signed in. */
  obtainCode(browser?: Browser): Promise<Code>
  redeem(at: string, code: Code): Promise<Answer>
  refresh(at: string, refreshToken: string | undefined): Promise<Answer>
  revoke(at: string, token: string | undefined): Promise<Answer>
  /** Whether an access token still counts, by the word of the authorization server. */
  isActive(at: string, accessToken: string | undefined): Promise<boolean>
}

const clientId = 'claude-desktop-mcp'
const redirectUri = 'http://127.0.0.1:51004/callback'

/** Makes the client. Every request names the process that is to answer it by its origin. */
export function createClient(issuer: string): Client {
  const resource = `${issuer}/mcp`

  async function post(at: string, path: string, form: Record<string, string | undefined>, basic?: string) {
    const sent = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined)
    try {
      const response = await fetch(at + path, {
        method: 'POST',
        body: new URLSearchParams(sent),
        headers: basic === undefined ? {} : { authorization: `Basic ${btoa(basic)}` },
      })
      return { status: response.status, json: (await response.json()) as Answer['json'] }
    } catch {
      return { status: 'lost', json: {} } as const
    }
  }

  return {
    async obtainCode(browser = createBrowser()) {
      const verifier = randomBytes(32).toString('base64url')
      const url = new URL(`${issuer}/authorize`)
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        scope: 'read:application',
        resource,
        state: 's',
      }).toString()
      const code = (await browser.authorize(url)).searchParams.get('code')
      if (code === null) throw new Error('there is no code in the callback')
      return { code, verifier }
    },
    redeem: (at, { code, verifier }) =>
      post(at, '/token', {
        grant_type: 'authorization_code',
        client_id: clientId,
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
        resource,
      }),
    refresh: (at, refreshToken) =>
      post(at, '/token', { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken }),
    revoke: (at, token) => post(at, '/revoke', { client_id: clientId, token }),
    async isActive(at, accessToken) {
      const { status, json } = await post(at, '/introspect', { token: accessToken }, 'rs1:rs1-secret')
      if (status !== 200) throw new Error(`introspection answers ${status}`)
      return (json as { active?: boolean }).active === true
    },
  }
}
