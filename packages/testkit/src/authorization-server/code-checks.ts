import { tell } from '../bench/answer.ts'
import { randomValue } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import { initialize } from '../bench/discovery.ts'
import { readTokens } from '../bench/tokens.ts'
import { eachPasses, expectThat, failed, NotApplicable } from '../check.ts'
import type { Check, Verdict } from '../check.ts'

/** Redeems a fresh code in a wrong way, which must not succeed. */
async function isRefusedWith(
  bench: Bench,
  redeem: (code: Awaited<ReturnType<Bench['code']>>) => ReturnType<Bench['redeem']>,
): Promise<Verdict> {
  await bench.accessToken()
  const answer = await redeem(await bench.code(await bench.client('public')))
  return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
}

/** From the approval to the tokens. */
export const codeChecks: readonly Check[] = [
  {
    id: 'authorization-server.code-flow',
    title: 'signs a user in, and gives tokens for the code',
    section: 'RFC 6749 §4.1',
    severity: 'must',
    mend: 'Nothing that comes after this can be checked until it works.',
    async run(bench) {
      if (bench.target.user === undefined && bench.target.approve === undefined)
        throw new NotApplicable('nobody was given who can sign in')
      const client = await bench.client('public')
      // Here it is no lack of the description when there is no code: somebody was named who can sign in.
      const code = await bench.code(client).catch((error: unknown) => String(error))
      if (typeof code === 'string') return failed(code)
      const answer = await bench.redeem(code)
      const bearer = String(answer.json['token_type']).toLowerCase() === 'bearer'
      return expectThat(readTokens(client, answer) !== undefined && bearer, tell(answer))
    },
  },
  {
    id: 'authorization-server.state',
    rows: ['AZ-19'],
    title: 'gives the state back as it came',
    section: 'RFC 6749 §4.1.2',
    severity: 'must',
    mend: 'Encode it once when you build the redirect, and change nothing about it.',
    async run(bench) {
      const state = 'a&b=c+d%20"<é世>'
      const { callback } = await bench.approve(await bench.client('public'), { state })
      return expectThat(callback.searchParams.get('state') === state, callback.href)
    },
  },
  {
    id: 'authorization-server.issuer',
    rows: ['AZ-32'],
    title: 'says with the code who it is',
    section: 'RFC 9207 §2',
    severity: 'should',
    mend: 'Send `iss` with every authorization response, and announce `authorization_response_iss_parameter_supported`: a client of several servers cannot be led to the wrong one then.',
    async run(bench) {
      const { issuer } = await bench.metadata()
      const { callback } = await bench.approve(await bench.client('public'))
      return expectThat(callback.searchParams.get('iss') === issuer, callback.href)
    },
  },
  {
    id: 'authorization-server.code-verifier',
    rows: ['PK-08'],
    title: 'refuses a code with a wrong verifier or with none',
    section: 'RFC 7636 §4.6',
    severity: 'must',
    mend: 'Compare the hash of the verifier with the stored challenge, and refuse a code that has a challenge when no verifier comes.',
    run: (bench) =>
      eachPasses([randomValue(), undefined], (verifier) =>
        isRefusedWith(bench, (code) => bench.redeem(code, { code_verifier: verifier })),
      ),
  },
  {
    id: 'authorization-server.code-redirect',
    rows: ['AC-06'],
    title: 'refuses a code with another redirect URI than it was asked for with',
    section: 'RFC 6749 §4.1.3',
    severity: 'must',
    mend: 'Keep the redirect URI with the code and compare it. (OAuth 2.1 leaves it out where PKCE is used; one that is sent and differs is still a sign of an attack.)',
    run: (bench) =>
      isRefusedWith(bench, (code) =>
        bench.redeem(code, { redirect_uri: 'https://attacker.example/callback' }),
      ),
  },
  {
    id: 'authorization-server.code-once',
    rows: ['AC-01'],
    title: 'refuses a code the second time',
    section: 'RFC 6749 §4.1.2',
    severity: 'must',
    mend: 'Mark a code as used in the same step in which it is read.',
    run: (bench) =>
      isRefusedWith(bench, async (code) => {
        const first = await bench.redeem(code)
        if (first.status !== 200) throw new NotApplicable(`a code was not redeemed: ${tell(first)}`)
        return bench.redeem(code)
      }),
  },
  {
    id: 'authorization-server.code-replay',
    rows: ['AC-01'],
    title: 'revokes what a code has bought when it is used twice',
    section: 'RFC 6749 §4.1.2',
    severity: 'should',
    mend: 'A code that comes twice has leaked: revoke the tokens that were issued for it.',
    async run(bench) {
      const client = await bench.client('public')
      const code = await bench.code(client)
      const tokens = readTokens(client, await bench.redeem(code))
      if (tokens === undefined) throw new NotApplicable('a code was not redeemed')
      const { status } = await bench.redeem(code)
      if (status === 200) throw new NotApplicable('the code works twice (see authorization-server.code-once)')
      if (tokens.refresh_token !== undefined) {
        const answer = await bench.refresh(client, tokens.refresh_token)
        return expectThat(answer.status !== 200, `after the replay, ${tell(answer)}`)
      }
      const answer = await bench.mcp.post(initialize, tokens.access_token)
      return expectThat(answer.status === 401, `after the replay, ${tell(answer)}`)
    },
  },
  {
    id: 'authorization-server.scope',
    title: 'says which scopes a token has',
    section: 'RFC 6749 §5.1',
    severity: 'should',
    mend: 'Send `scope` with every token response; clients that step up count on it.',
    async run(bench) {
      const { scope, answer } = await bench.signIn(await bench.client('public'))
      return expectThat(scope !== undefined, `members: ${Object.keys(answer.json).join(', ')}`)
    },
  },
  {
    id: 'authorization-server.no-store',
    rows: ['HT-11'],
    title: 'forbids to store tokens',
    section: 'RFC 6749 §5.1',
    severity: 'must',
    mend: 'Answer the token endpoint with `Cache-Control: no-store`.',
    async run(bench) {
      const { answer } = await bench.signIn(await bench.client('public'))
      const control = answer.headers.get('cache-control')
      return expectThat(control?.includes('no-store') === true, `Cache-Control: ${control ?? '(none)'}`)
    },
  },
]
