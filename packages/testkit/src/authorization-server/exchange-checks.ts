import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { givenClient } from '../bench/clients.ts'
import type { Form } from '../bench/tokens.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check } from '../check.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

/** Exchanges the token of a user, as a service does that calls another one for them. */
async function exchange(bench: Bench, changes: Form = {}, secret = true): Promise<Answer> {
  if (!(await bench.listed('grant_types_supported')).includes(grantType))
    throw new NotApplicable('it exchanges no tokens')
  const { exchange: party } = bench.target
  const client = givenClient(party?.client, 'may exchange tokens')
  const { client_secret: _secret, ...bare } = client
  const form = {
    grant_type: grantType,
    subject_token: await bench.accessToken(),
    subject_token_type: accessToken,
    resource: party?.resource,
    ...changes,
  }
  return bench.post('token_endpoint', secret ? client : { ...bare, method: 'none' }, form)
}

async function expectHonest(bench: Bench): Promise<void> {
  const answer = await exchange(bench)
  if (answer.status !== 200) throw new NotApplicable(`an honest exchange is refused: ${tell(answer)}`)
}

/** Tokens that a service gets for the token of its user. */
export const exchangeChecks: readonly Check[] = [
  {
    id: 'authorization-server.exchange',
    title: 'exchanges a token for one of another resource, and says of which kind it is',
    section: 'RFC 8693 §2.2.1',
    severity: 'must',
    mend: 'Answer with `access_token`, `issued_token_type` and `token_type`.',
    async run(bench) {
      const answer = await exchange(bench)
      const { access_token: token, issued_token_type: kind, token_type: type } = answer.json
      return expectThat(
        answer.status === 200 && [token, kind, type].every((value) => typeof value === 'string'),
        tell(answer),
      )
    },
  },
  {
    id: 'authorization-server.exchange-subject',
    title: 'answers a token that it cannot exchange with the error invalid_request',
    section: 'RFC 8693 §2.2.2',
    severity: 'must',
    mend: 'Verify the subject token as a resource server would, and answer `invalid_request` when it is not good.',
    async run(bench) {
      const answer = await exchange(bench, { subject_token: 'gatewright-testkit-no-such-token' })
      return expectThat(answer.status === 400 && answer.json['error'] === 'invalid_request', tell(answer))
    },
  },
  {
    id: 'authorization-server.exchange-actor',
    title: 'refuses the type of an actor token without an actor token',
    section: 'RFC 8693 §2.1',
    severity: 'must',
    mend: 'Answer `invalid_request`: one of the two got lost, and who acts would be unsaid.',
    async run(bench) {
      await expectHonest(bench)
      const answer = await exchange(bench, { actor_token_type: accessToken })
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'authorization-server.exchange-target',
    title: 'answers an exchange for a resource that it does not know with the error invalid_target',
    section: 'RFC 8693 §2.2.2',
    severity: 'should',
    mend: 'Answer `invalid_target`, and issue no token that is good elsewhere than was asked.',
    async run(bench) {
      await expectHonest(bench)
      const answer = await exchange(bench, { resource: 'https://attacker.example/mcp' })
      return expectThat(answer.status >= 400 && answer.json['error'] === 'invalid_target', tell(answer))
    },
  },
  {
    id: 'authorization-server.exchange-client',
    title: 'exchanges tokens for a client that has a secret only when it proves that',
    section: 'RFC 6749 §3.2.1',
    severity: 'must',
    mend: 'Authenticate the client for every grant type: otherwise whoever finds a token may widen where it is good.',
    async run(bench) {
      await expectHonest(bench)
      const answer = await exchange(bench, {}, false)
      return expectThat(answer.status >= 400 && answer.json['error'] === 'invalid_client', tell(answer))
    },
  },
  {
    id: 'authorization-server.exchange-scope',
    title: 'gives no scope in exchange that the token of the user lacks',
    section: 'RFC 9700 §2.3',
    severity: 'should',
    mend: 'Let the scope of the new token be a part of what the old one has.',
    async run(bench) {
      const more = bench.target.tool?.scope
      if (more === undefined) throw new NotApplicable('no scope was named that the token lacks')
      await expectHonest(bench)
      const answer = await exchange(bench, { scope: more })
      // Without a word about it, what was asked for was given.
      const { scope: given = more } = answer.json
      const gave = typeof given === 'string' && given.split(' ').includes(more)
      return expectThat(answer.status >= 400 || !gave, tell(answer))
    },
  },
]
