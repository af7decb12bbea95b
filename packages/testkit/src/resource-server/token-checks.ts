import { encodeBase64url, hmacSha256 } from '@gatewright/core'
import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { initialize } from '../bench/discovery.ts'
import { modernRequest } from '../bench/mcp.ts'
import { eachPasses, expectThat, NotApplicable } from '../check.ts'
import type { Check, Verdict } from '../check.ts'
import { encodeParts, publicKeyTexts, selfSigned, tokenParts } from './forged-token.ts'

/** Calls with a token, in the way that the server answers: by handshake or without. */
async function call(bench: Bench, token: string): Promise<Answer> {
  const answer = await bench.mcp.post(initialize, token)
  if (answer.status !== 400) return answer
  const { message, headers } = modernRequest('server/discover')
  return bench.mcp.post(message, token, { headers })
}

async function expectGate(bench: Bench): Promise<void> {
  const { status } = await bench.challenged()
  if (status !== 401) throw new NotApplicable('it asks for no token (see resource-server.challenge)')
}

async function isRefused(bench: Bench, what: string, token: string): Promise<Verdict> {
  await expectGate(bench)
  // Without this, a server that refuses every token would pass.
  const honest = await call(bench, await bench.accessToken())
  if (honest.status !== 200) throw new NotApplicable(`its own token is not accepted: ${tell(honest)}`)
  const answer = await call(bench, token)
  return expectThat(answer.status === 401, `${what}: ${tell(answer)}`)
}

/** Which tokens the resource accepts. */
export const tokenChecks: readonly Check[] = [
  {
    id: 'resource-server.accepts-token',
    title: 'accepts a token that its authorization server issued for it, whatever the case of the scheme',
    section: 'RFC 9110 §11.1',
    severity: 'must',
    mend: 'Accept `Bearer` in any case, and check issuer, audience and time against the configuration.',
    async run(bench) {
      const token = await bench.accessToken()
      const answers = [
        await call(bench, token),
        await bench.mcp.post(initialize, undefined, { headers: { authorization: `bearer ${token}` } }),
      ]
      const refused = answers.find(({ status }) => status === 401 || status >= 500)
      return expectThat(refused === undefined, refused === undefined ? '' : tell(refused))
    },
  },
  {
    id: 'resource-server.token-in-query',
    rows: ['MC-04'],
    title: 'takes no token from the query of the URL',
    section: 'OAuth 2.1 draft-15 §5.1',
    severity: 'must',
    mend: 'Read the token from the Authorization header alone: URLs end up in logs and histories.',
    async run(bench) {
      await expectGate(bench)
      const url = bench.resource()
      url.searchParams.set('access_token', await bench.accessToken())
      const answer = await bench.send(url, {
        json: initialize,
        headers: { accept: 'application/json, text/event-stream' },
      })
      return expectThat(answer.status === 401, tell(answer))
    },
  },
  {
    id: 'resource-server.unsigned-token',
    rows: ['JW-04'],
    title: 'refuses a token without a signature',
    section: 'RFC 9068 §4',
    severity: 'must',
    mend: 'Verify with a fixed list of algorithms in which `none` is not.',
    async run(bench) {
      const { header, claims } = await tokenParts(bench)
      return isRefused(bench, 'alg "none"', `${encodeParts({ ...header, alg: 'none' }, claims)}.`)
    },
  },
  {
    id: 'resource-server.changed-token',
    title: 'refuses a token whose claims were changed',
    section: 'RFC 9068 §4',
    severity: 'must',
    mend: 'Verify the signature over exactly the bytes that were received.',
    async run(bench) {
      const { header, claims, signature } = await tokenParts(bench)
      const changed = encodeParts(header, { ...claims, sub: 'somebody-else', exp: Number(claims['exp']) + 1 })
      return isRefused(bench, 'changed claims', `${changed}.${signature}`)
    },
  },
  {
    id: 'resource-server.confused-algorithm',
    rows: ['JW-03'],
    title: 'does not take the public key for a shared secret',
    section: 'RFC 8725 §3.1',
    severity: 'must',
    mend: 'Take the algorithm from the configuration or the key, never from the header of the token.',
    async run(bench) {
      const { header, claims } = await tokenParts(bench)
      const signed = encodeParts({ ...header, alg: 'HS256' }, claims)
      return eachPasses(await publicKeyTexts(bench, header), async (secret) => {
        const mac = encodeBase64url(await hmacSha256(secret, signed))
        return isRefused(bench, 'HS256 with the public key', `${signed}.${mac}`)
      })
    },
  },
  {
    id: 'resource-server.embedded-key',
    title: 'does not trust a key that the token itself brings',
    section: 'RFC 8725 §3.8',
    severity: 'must',
    mend: 'Ignore `jwk`, `jku` and `x5u` of the header: keys come from the configured issuer.',
    run: async (bench) => isRefused(bench, 'a key in the header', await selfSigned(await tokenParts(bench))),
  },
  {
    id: 'resource-server.id-token',
    rows: ['RS-12'],
    title: 'refuses an ID token',
    section: 'RFC 9068 §4',
    severity: 'must',
    mend: 'Require `typ` `at+jwt` and the audience of the resource: an ID token says who a user is, and permits nothing.',
    async run(bench) {
      if (!(await bench.listed('scopes_supported')).includes('openid'))
        throw new NotApplicable('it issues no ID tokens')
      const scope = await bench.scope()
      const client = await bench.client('public')
      const tokens = await bench.signIn(client, { scope: `openid ${scope ?? ''}`.trim() })
      if (tokens.id_token === undefined) throw new NotApplicable('no ID token came back')
      return isRefused(bench, 'an ID token', tokens.id_token)
    },
  },
  {
    id: 'resource-server.refresh-token',
    rows: ['RT-12'],
    title: 'refuses a refresh token',
    section: 'RFC 6749 §1.5',
    severity: 'must',
    mend: 'Refresh tokens are for the token endpoint alone.',
    async run(bench) {
      const { refresh_token: token } = await bench.refreshable(await bench.client('public'))
      return isRefused(bench, 'a refresh token', token)
    },
  },
  {
    id: 'resource-server.other-audience',
    rows: ['RS-08'],
    title: 'refuses a token that was issued for another resource',
    section: 'RFC 9700 §2.3',
    severity: 'must',
    mend: 'Compare `aud` with the configured resource, and have no default that accepts any.',
    async run(bench) {
      const { otherResource } = bench.target
      if (otherResource === undefined) throw new NotApplicable('no other resource was named')
      const client = await bench.client('public')
      const code = await bench.code(client, { resource: otherResource })
      const { json } = await bench.redeem(code, { resource: otherResource })
      const token = json['access_token']
      if (typeof token !== 'string') throw new NotApplicable('no token for the other resource came back')
      return isRefused(bench, `a token for ${otherResource}`, token)
    },
  },
  {
    id: 'resource-server.revoked-token',
    rows: ['RV-02'],
    title: 'refuses a token that its client has revoked',
    section: 'RFC 7009 §2',
    severity: 'should',
    mend: 'Ask the authorization server whether a token was revoked, or keep a list of those that were; otherwise a leaked token lives until it expires.',
    async run(bench) {
      const client = await bench.client('public')
      const { access_token: token } = await bench.signIn(client)
      const revoked = await bench.post('revocation_endpoint', client, {
        token,
        token_type_hint: 'access_token',
      })
      if (revoked.status !== 200) throw new NotApplicable(`it was not revoked: ${tell(revoked)}`)
      return isRefused(bench, 'a revoked token', token)
    },
  },
]
