import { beforeAll, expect, it } from 'vitest'

/** Asks a framework, with a path in the place of a URL. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>

/** Where the snippets are, as their users see it. */
export const origin = 'http://localhost:3000'

/** What a framework's own build may take, in milliseconds. */
export const buildTimeout = 300_000

/** Asks a server that listens. */
export const at =
  (base: string): Send =>
  (path, init) =>
    fetch(base + path, init)

/**
 * What must arrive at Gatewright whatever is around it: discovery, JSON, forms, challenges. And what must not: `elsewhere` is what the
 * rest of the program answers to a path that nobody has, as a text or as the status of a refusal.
 */
export function itAnswers(start: () => Promise<Send> | Send, elsewhere: 'my app' | 404 = 404): void {
  let send: Send
  beforeAll(async () => {
    send = await start()
  })

  it('answers discovery at the root of the origin', async () => {
    const server = await send('/.well-known/oauth-authorization-server')
    expect(await server.json()).toMatchObject({ issuer: origin, token_endpoint: `${origin}/token` })
    const resource = await send('/.well-known/oauth-protected-resource/mcp')
    expect(await resource.json()).toMatchObject({ resource: `${origin}/mcp` })
  })

  it('gets JSON and forms as they were sent', async () => {
    const registered = await send('/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: ['http://127.0.0.1/callback'],
        token_endpoint_auth_method: 'none',
      }),
    })
    expect(registered.status).toBe(201)
    const { client_id: clientId } = (await registered.json()) as { client_id: string }
    const token = await send('/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        code: 'x',
        code_verifier: 'y'.repeat(43),
      }),
    })
    expect([token.status, await token.json()]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_grant' }),
    ])
  })

  it('challenges a call without a token, and a preflight is answered', async () => {
    const call = await send('/mcp', { method: 'POST', body: '{}' })
    expect(call.status).toBe(401)
    expect(call.headers.get('www-authenticate')).toContain('resource_metadata')
    const preflight = await send('/mcp', {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:6274', 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:6274')
  })

  it('leaves every other path alone', async () => {
    expect((await send('/')).headers.get('www-authenticate')).toBeNull()
    expect(await (await send('/')).text()).toMatch(/my app|Not found/)
    for (const path of ['/mcpx', '/token/of/mine', '/.well-known/of-mine']) {
      const answer = await send(path)
      expect(answer.headers.get('www-authenticate')).toBeNull()
      const body = await answer.text()
      expect(elsewhere === 404 ? answer.status : [answer.status, body]).toEqual(
        elsewhere === 404 ? 404 : [200, elsewhere],
      )
    }
  })
}
