// RFC 9700 §4.4: https://www.rfc-editor.org/rfc/rfc9700.html#section-4.4
import { describe, expect, it } from 'vitest'
import { createCodeVerifier } from '@gatewright/pkce'
import { createMemoryStorage } from '@gatewright/storage'
import { obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { register } from '../support/registration.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

/** A second issuer over the same storage, asked under the URLs of the first. */
function neighbour({ storage }: Pick<TestServer, 'storage'>): TestServer {
  const test = testServer({ storage, issuer: 'https://auth.example.com/other' })
  const handle: TestServer['server']['handle'] = (request, context) =>
    test.server.handle(new Request(request.url.replace(issuer, `${issuer}/other`), request), context)
  return { ...test, server: { ...test.server, handle } }
}

describe('two issuers over one storage', () => {
  it('HT-21 redeem, refresh and revoke nothing of each other', async () => {
    const here = testServer()
    const there = neighbour(here)
    const code = await obtainCode(here)
    expect((await redeem(there, code)).json.error).toBe('invalid_grant')
    const { json } = await redeem(here, code)
    expect((await refresh(there, json.refresh_token)).json.error).toBe('invalid_grant')
    expect((await redeem(there, code)).json.error).toBe('invalid_grant')
    await post(there, '/revoke', { client_id: 'claude-desktop-mcp', token: json.refresh_token })
    expect((await refresh(here, json.refresh_token)).status).toBe(200)
    expect(await there.server.grants.list({ subject: 'alice' })).toEqual([])
  })

  it('HT-21 know none of the clients that registered with the other', async () => {
    const here = testServer()
    const { json } = await register(here, { redirect_uris: ['https://app.example.com/cb'] })
    const request = { grant_type: 'refresh_token', refresh_token: 'x' }
    const basic = `${json.client_id}:${json.client_secret}`
    expect((await post(here, '/token', request, { basic })).status).toBe(400)
    expect((await post(neighbour(here), '/token', request, { basic })).status).toBe(401)
  })

  it('HT-21 have signing keys of their own', async () => {
    const here = testServer()
    const there = neighbour(here)
    const kids = async ({ server }: TestServer) => JSON.stringify((await server.jwks()).keys)
    expect(await kids(here)).not.toBe(await kids(there))
  })

  it('every partition starts with the hash of its issuer', async () => {
    const { storage, calls } = hookedStorage()
    const test = testServer({ storage })
    const code = await obtainCode(test)
    await redeem(test, code, { code_verifier: createCodeVerifier() })
    const { json } = await redeem(test, code)
    await refresh(test, json.refresh_token)
    await register(test, { redirect_uris: ['https://app.example.com/cb'] })
    await post(test, '/revoke', { client_id: 'claude-desktop-mcp', token: json.access_token })
    const partitions = new Set(calls.flatMap(({ keys }) => keys.map(({ partition }) => partition)))
    const prefixes = new Set([...partitions].map((partition) => partition.slice(0, 12)))
    expect(partitions.size).toBeGreaterThan(6)
    expect([...prefixes]).toEqual([expect.stringMatching(/^[\w-]{11}:$/)])
  })
})

describe('a storage that lost everything', () => {
  it('CC-10 nothing unknown counts as unused: codes, refresh tokens and access tokens are refused', async () => {
    const before = testServer()
    const code = await obtainCode(before)
    const { refreshToken, tokens } = await obtainTokens(before)
    const after = testServer({ storage: createMemoryStorage() })
    expect((await redeem(after, code)).json.error).toBe('invalid_grant')
    expect((await refresh(after, refreshToken)).json.error).toBe('invalid_grant')
    const [, payload = ''] = (tokens.access_token ?? '').split('.')
    const { grant_id: grantId, jti } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    expect(await after.server.isRevoked({ grantId, jti })).toBe(true)
  })
})
