import { tell } from '../bench/answer.ts'
import { arrivalOf } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import { leadsTo } from '../bench/browser.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'
import { areRefused, expectHonest, isRefused } from './is-refused.ts'

const evil = 'https://attacker.example/callback'

/** The redirect with which an error is reported to a client. */
async function errorRedirect(bench: Bench) {
  const answer = await bench.ask(await bench.client('public'), { response_type: 'gatewright-testkit' })
  if (
    arrivalOf(answer, answer.draft.redirectUri) !== 'refused at the client' ||
    answer.location === undefined
  )
    throw new NotApplicable(`errors are not reported to the client: ${tell(answer)}`)
  return { answer, location: answer.location, state: answer.draft.state }
}

/** Which authorization requests are refused, and where that is said. None of these needs a user. */
export const authorizationRequestChecks: readonly Check[] = [
  {
    id: 'authorization-server.unknown-client',
    rows: ['AZ-02'],
    title: 'tells the user when a client is unknown, and does not lead them to where it wants',
    section: 'RFC 6749 §4.1.2.1',
    severity: 'must',
    mend: 'Show an error page of your own: until client and redirect URI are proven, a redirect helps only attackers.',
    async run(bench) {
      const stranger = {
        client_id: 'gatewright-testkit-stranger',
        method: 'none',
        redirect_uris: [evil],
      } as const
      const answer = await bench.ask(stranger)
      const links = /(?:href|action|url)\s*=\s*["']?https:\/\/attacker\.example/i.test(answer.text)
      return expectThat(answer.status >= 400 && answer.location === undefined && !links, tell(answer))
    },
  },
  {
    id: 'authorization-server.unregistered-redirect',
    rows: ['AZ-02'],
    title: 'tells the user when a redirect URI is not registered, and does not lead them there',
    section: 'RFC 6749 §4.1.2.1',
    severity: 'must',
    mend: 'Compare the redirect URI with the registered ones before anything else, and show an error page of your own.',
    async run(bench) {
      const client = await bench.client('public')
      await expectHonest(bench, client)
      const answer = await bench.ask(client, { redirect_uri: evil })
      const led = answer.location !== undefined && leadsTo(answer.location, evil)
      return expectThat(answer.status >= 400 && !led, tell(answer))
    },
  },
  {
    id: 'authorization-server.redirect-of-several',
    rows: ['AZ-05'],
    title: 'asks for the redirect URI when a client has several',
    section: 'RFC 6749 §3.1.2.3',
    severity: 'must',
    mend: 'Refuse the request locally: which of them is meant is not for the server to guess.',
    async run(bench) {
      const client = await bench.client('several')
      await expectHonest(bench, client)
      const answer = await bench.ask(client, { redirect_uri: undefined })
      return expectThat(arrivalOf(answer, client.redirect_uris[0]) === 'refused here', tell(answer))
    },
  },
  {
    id: 'authorization-server.loopback-port',
    title: 'takes any port of a loopback redirect URI of a native client',
    section: 'RFC 8252 §7.3',
    severity: 'must',
    mend: 'Ignore the port of `http://127.0.0.1`, `http://[::1]` (and `http://localhost`) when you compare, and nothing else: native clients take the port that is free.',
    async run(bench) {
      const client = await bench.client('public')
      const [registered] = client.redirect_uris
      const url = new URL(registered)
      if (url.protocol !== 'http:') throw new NotApplicable('the client has no loopback redirect URI')
      url.port = '51004'
      await expectHonest(bench, client)
      const answer = await bench.ask(client, { redirect_uri: url.href })
      return expectThat(!arrivalOf(answer, url.href).startsWith('refused'), tell(answer))
    },
  },
  {
    id: 'authorization-server.pkce-required',
    title: 'refuses a public client without PKCE',
    section: 'RFC 9700 §2.1.1',
    severity: 'must',
    mend: 'Refuse requests without `code_challenge`, or the code of a native client belongs to whoever intercepts it.',
    run: async (bench) =>
      isRefused(bench, await bench.client('public'), {
        code_challenge: undefined,
        code_challenge_method: undefined,
      }),
  },
  {
    id: 'authorization-server.pkce-plain',
    rows: ['PK-03'],
    title: 'refuses the PKCE method plain',
    section: 'RFC 9700 §2.1.1',
    severity: 'should',
    mend: 'Accept S256 alone; with plain, whoever reads the request has the verifier.',
    run: async (bench) =>
      areRefused(bench, await bench.client('public'), [
        { code_challenge_method: 'plain' },
        // Left out, the method is plain: RFC 7636 §4.3.
        { code_challenge_method: undefined },
      ]),
  },
  {
    id: 'authorization-server.pkce-malformed',
    rows: ['PK-06'],
    title: 'refuses a code challenge that no SHA-256 can have made',
    section: 'RFC 7636 §4.2',
    severity: 'should',
    mend: 'An S256 challenge has exactly 43 characters of base64url: refuse others before the user is asked.',
    async run(bench) {
      const challenges = ['x', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}+`]
      const each = challenges.map((challenge) => ({ code_challenge: challenge }))
      return areRefused(bench, await bench.client('public'), each)
    },
  },
  {
    id: 'authorization-server.repeated-parameter',
    rows: ['AZ-08'],
    title: 'refuses a parameter that is there twice',
    section: 'RFC 6749 §3.1',
    severity: 'must',
    mend: 'Look for repetitions before you read: two parts of a server may each believe another of the two.',
    run: async (bench) =>
      isRefused(bench, await bench.client('public'), { response_type: ['code', 'code'], scope: ['a', 'b'] }),
  },
  {
    id: 'authorization-server.response-type',
    rows: ['AZ-13'],
    title: 'refuses response types that put tokens into URLs',
    section: 'RFC 9700 §2.1.2',
    severity: 'should',
    mend: 'Support the response type `code` alone.',
    async run(bench) {
      const types = ['token', 'id_token token', 'code token']
      const each = types.map((type) => ({ response_type: type, nonce: 'n-0S6_WzA2Mj' }))
      return areRefused(bench, await bench.client('public'), each)
    },
  },
  {
    id: 'authorization-server.state-in-errors',
    rows: ['AZ-19'],
    title: 'gives the state back with an error',
    section: 'RFC 6749 §4.1.2.1',
    severity: 'must',
    mend: 'Read `state` before the parameters that can be wrong, and send it with every redirect; a client drops an answer without it.',
    async run(bench) {
      const { answer, location, state } = await errorRedirect(bench)
      return expectThat(location.searchParams.get('state') === state, tell(answer))
    },
  },
  {
    id: 'authorization-server.issuer-in-errors',
    rows: ['AZ-32'],
    title: 'says with an error who it is',
    section: 'RFC 9207 §2',
    severity: 'should',
    mend: 'Send `iss` with errors too, and announce `authorization_response_iss_parameter_supported`.',
    async run(bench) {
      const { answer, location } = await errorRedirect(bench)
      const { issuer } = await bench.metadata()
      return expectThat(location.searchParams.get('iss') === issuer, tell(answer))
    },
  },
  {
    id: 'authorization-server.unknown-resource',
    rows: ['RS-02'],
    title: 'refuses a resource that it does not know',
    section: 'RFC 8707 §2',
    severity: 'must',
    mend: 'Answer `invalid_target` to resources that you issue no tokens for, or a token for one server is asked for in the name of another.',
    async run(bench) {
      const client = await bench.client('public')
      await expectHonest(bench, client)
      const resource = 'https://attacker.example/mcp'
      const answer = await bench.ask(client, { resource })
      if (arrivalOf(answer, answer.draft.redirectUri).startsWith('refused')) return passed
      // It may also be refused once the user is known, or when the code is redeemed.
      const { callback, ...draft } = await bench.approve(client, { resource })
      const code = callback.searchParams.get('code')
      if (code === null) return passed
      const redeemed = await bench.redeem({ ...draft, callback, code, client }, { resource })
      return redeemed.status === 200 ? failed(`resource=${resource}: ${tell(redeemed)}`) : passed
    },
  },
]
