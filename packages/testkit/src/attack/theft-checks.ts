import { tell } from '../bench/answer.ts'
import { readTokens } from '../bench/tokens.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'

/** What becomes of codes and tokens that were stolen. */
export const theftChecks: readonly Check[] = [
  {
    id: 'attack.code-race',
    rows: ['AC-01'],
    title: 'gives tokens for a code once when it comes five times at once',
    section: 'RFC 6749 §4.1.2',
    severity: 'must',
    mend: 'Read and mark the code in one atomic step; between two steps another request finds it unused.',
    async run(bench) {
      await bench.accessToken()
      const client = await bench.client('public')
      const code = await bench.code(client)
      const answers = await Promise.all(Array.from({ length: 5 }, () => bench.redeem(code)))
      const won = answers.filter((answer) => readTokens(client, answer) !== undefined).length
      return expectThat(won <= 1, `${won} of 5 got tokens`)
    },
  },
  {
    id: 'attack.stolen-code',
    title: 'refuses the code of another client',
    section: 'RFC 6749 §4.1.3',
    severity: 'must',
    mend: 'Keep the client with the code and compare it before anything else of the code is used.',
    async run(bench) {
      await bench.accessToken()
      const thief = await bench.client('other')
      const answer = await bench.redeem(await bench.code(await bench.client('public')), {}, thief)
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'attack.injected-code',
    rows: ['PK-13'],
    title: 'refuses a code with the verifier of another request',
    section: 'RFC 9700 §4.5.3.1',
    severity: 'must',
    mend: 'Keep the challenge with the code that it came with.',
    async run(bench) {
      await bench.accessToken()
      const client = await bench.client('public')
      const [victim, attacker] = [await bench.code(client), await bench.code(client)]
      const answer = await bench.redeem(victim, { code_verifier: attacker.verifier })
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'attack.stolen-refresh-token',
    title: 'refuses the refresh token of another client',
    section: 'RFC 6749 §6',
    severity: 'must',
    mend: 'Keep the client with the refresh token and compare it.',
    async run(bench) {
      const { refresh_token: token } = await bench.refreshable(await bench.client('public'))
      const answer = await bench.refresh(await bench.client('other'), token)
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'attack.refresh-without-secret',
    rows: ['RT-06'],
    title: 'refreshes for a client that has a secret only when it proves that',
    section: 'RFC 6749 §6',
    severity: 'must',
    mend: 'Authenticate the client for every grant type, as it was registered.',
    async run(bench) {
      const client = await bench.client('confidential')
      const { refresh_token: token } = await bench.refreshable(client)
      const { client_secret: _secret, ...bare } = client
      const answer = await bench.refresh({ ...bare, method: 'none' }, token)
      return expectThat(answer.status >= 400 && answer.json['error'] === 'invalid_client', tell(answer))
    },
  },
  {
    id: 'attack.wider-scope',
    title: 'gives no scope at a refresh that the user did not grant',
    section: 'RFC 6749 §6',
    severity: 'must',
    mend: 'Compare the scope of a refresh with that of the grant: it may only become narrower.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: token, scope } = await bench.refreshable(client)
      const granted = (scope ?? (await bench.scope()) ?? '').split(' ')
      const listed = await bench.listed('scopes_supported')
      const more = bench.target.tool?.scope ?? listed.find((name) => !granted.includes(name))
      if (more === undefined || granted.includes(more))
        throw new NotApplicable('there is no further scope to ask for')
      const answer = await bench.refresh(client, token, { scope: `${granted.join(' ')} ${more}` })
      if (answer.status >= 400) return passed
      const now = answer.json['scope']
      if (typeof now !== 'string') return failed(`asked for ${more}, the answer does not say what was given`)
      return expectThat(!now.split(' ').includes(more), `the new token has ${now}`)
    },
  },
  {
    id: 'attack.foreign-revocation',
    rows: ['RV-04'],
    title: 'lets no client revoke the tokens of another',
    section: 'RFC 7009 §2.1',
    severity: 'must',
    mend: 'Compare the client of the token with the one that asks, and leave the token as it is.',
    async run(bench) {
      const client = await bench.client('public')
      const thief = await bench.client('other')
      const { refresh_token: token } = await bench.refreshable(client)
      await bench.post('revocation_endpoint', thief, { token, token_type_hint: 'refresh_token' })
      const answer = await bench.refresh(client, token)
      return expectThat(answer.status === 200, `after the revocation by another, ${tell(answer)}`)
    },
  },
]
