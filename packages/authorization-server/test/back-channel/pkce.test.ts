// RFC 7636 §4.6: https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6
import { createCodeVerifier } from '@gatewright/pkce'
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { claimsOf, obtainCode, post, redeem } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { testServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

const confluence = { client_id: 'confluence', redirect_uri: 'https://wiki.example.com/callback' }
const withoutChallenge = { ...confluence, code_challenge: undefined, code_challenge_method: undefined }

describe('PKCE at the token endpoint', () => {
  it('PK-07 a code with a challenge is not redeemed without a verifier', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const { status, json } = await redeem(test, code, { code_verifier: undefined })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect((await redeem(test, code)).status).toBe(200)
  })

  it('PK-08 a wrong verifier is invalid_grant and reported', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const { status, json } = await redeem(test, code, { code_verifier: createCodeVerifier() })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect(eventsOf(test, 'authorization_code.verifier_failed')).toMatchObject([
      { clientId: 'claude-desktop-mcp', ip: '192.0.2.1' },
    ])
  })

  it('PK-08 the challenge itself is not a verifier: plain does not exist', async () => {
    const { storage, calls } = hookedStorage()
    const test = testServer({ storage })
    const code = await obtainCode(test)
    const grant = calls
      .flatMap(({ operations }) => operations)
      .find((operation) => operation.key.collection === 'grants' && operation.key.partition.includes(':g:'))
    const { challenge } = (grant as { value: { code: { challenge: string } } }).value.code
    expect((await redeem(test, code, { code_verifier: challenge })).json.error).toBe('invalid_grant')
  })

  it('PK-09 after four wrong verifiers the right one still works', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    for (let attempt = 0; attempt < 4; attempt++)
      expect((await redeem(test, code, { code_verifier: createCodeVerifier() })).json.error).toBe(
        'invalid_grant',
      )
    expect((await redeem(test, code)).status).toBe(200)
  })

  it('PK-09 five wrong verifiers kill the code', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    for (let attempt = 0; attempt < 5; attempt++)
      await redeem(test, code, { code_verifier: createCodeVerifier() })
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
  })

  it('PK-09 a flood of guesses over two processes kills the code as well', async () => {
    const test = testServer()
    const other = testServer({ storage: test.storage })
    const code = await obtainCode(test)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        redeem(index % 2 === 0 ? test : other, code, { code_verifier: createCodeVerifier() }),
      ),
    )
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
  })

  it('PK-09 guesses at one code say nothing about another code of the same user', async () => {
    const test = testServer()
    const [one, two] = [await obtainCode(test), await obtainCode(test)]
    for (let attempt = 0; attempt < 5; attempt++)
      await redeem(test, one, { code_verifier: createCodeVerifier() })
    await redeem(test, two, { code_verifier: createCodeVerifier() })
    expect((await redeem(test, two)).status).toBe(200)
  })

  it('PK-09 wrong verifiers cannot kill a code that was redeemed in between', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    for (let attempt = 0; attempt < 4; attempt++)
      await redeem(test, code, { code_verifier: createCodeVerifier() })
    const { json } = await redeem(test, code)
    for (let attempt = 0; attempt < 5; attempt++)
      await redeem(test, code, { code_verifier: createCodeVerifier() })
    const { grant_id: grantId, jti } = claimsOf(json.access_token) as { grant_id: string; jti: string }
    expect(await test.server.isRevoked({ grantId, jti })).toBe(false)
  })

  it.each([
    ['42 characters', 'a'.repeat(42)],
    ['129 characters', 'a'.repeat(129)],
    ['a plus', `${'a'.repeat(42)}+`],
    ['a space', `${'a'.repeat(42)} `],
    ['é', `${'a'.repeat(42)}é`],
    ['60 KB', 'a'.repeat(60_000)],
  ])('PK-10 a verifier with %s is refused', async (_what, verifier) => {
    const test = testServer()
    const code = await obtainCode(test)
    const { status, json } = await redeem(test, code, { code_verifier: verifier })
    expect(status).toBe(400)
    expect(['invalid_request', 'invalid_grant']).toContain(json.error)
    expect((await redeem(test, code)).status).toBe(200)
  })

  it('PK-12 a verifier for a code that was requested without a challenge means a downgrade: invalid_request, no token', async () => {
    const test = testServer()
    const code = await obtainCode(test, { ...withoutChallenge, scope: 'openid', nonce: 'n-1' })
    const request = {
      grant_type: 'authorization_code',
      code: code.code,
      redirect_uri: confluence.redirect_uri,
    }
    const basic = 'confluence:confluence-secret'
    const downgraded = await post(test, '/token', { ...request, code_verifier: code.verifier }, { basic })
    expect([downgraded.status, downgraded.json.error]).toEqual([400, 'invalid_request'])
    const { status, json } = await post(test, '/token', request, { basic })
    expect(status).toBe(200)
    expect(claimsOf(json.id_token).nonce).toBe('n-1')
  })

  it('PK-12 without a challenge, redirect_uri binds the code and must be sent', async () => {
    const test = testServer()
    const code = await obtainCode(test, { ...withoutChallenge, scope: 'openid', nonce: 'n-1' })
    const request = { grant_type: 'authorization_code', code: code.code }
    const { status, json } = await post(test, '/token', request, { basic: 'confluence:confluence-secret' })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
  })

  it('PK-13 two codes of one browser: the verifier of the other is refused', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    const one = await obtainCode(test, {}, { browser })
    const two = await obtainCode(test, {}, { browser })
    const { status, json } = await redeem(test, { code: one.code, verifier: two.verifier })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
  })

  it('PK-15 a repeated code_verifier is invalid_request, an empty one counts as omitted', async () => {
    const test = testServer()
    const { code, verifier } = await obtainCode(test)
    const form = `grant_type=authorization_code&client_id=claude-desktop-mcp&code=${code}&code_verifier=${verifier}`
    const twice = await post(test, '/token', `${form}&code_verifier=${verifier}`)
    expect([twice.status, twice.json.error]).toEqual([400, 'invalid_request'])
    const empty = await redeem(test, { code, verifier: '' })
    expect([empty.status, empty.json.error]).toEqual([400, 'invalid_grant'])
    expect(eventsOf(test, 'authorization_code.verifier_failed')).toEqual([])
    expect((await redeem(test, { code, verifier })).status).toBe(200)
  })

  it('PK-17 neither code nor tokens nor events carry the challenge', async () => {
    const { storage, calls } = hookedStorage()
    const test = testServer({ storage })
    const { code, tokens } = await obtainTokens(test)
    const text = calls
      .map(({ operations }) => JSON.stringify(operations))
      .find((written) => written.includes('"challenge"'))
    const challenge = /"challenge":"([^"]+)"/.exec(text ?? '')?.[1] ?? ''
    expect(challenge).toHaveLength(43)
    expect(code).not.toContain(challenge)
    expect(JSON.stringify([tokens, claimsOf(tokens.access_token), test.events])).not.toContain(challenge)
  })
})
