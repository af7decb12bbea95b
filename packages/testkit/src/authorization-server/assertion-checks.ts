import { generateKeyPair } from 'jose'
import { tell } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check, Verdict } from '../check.ts'
import { assertionClient, isProven } from './assertion-client.ts'
import type { AssertionClient } from './assertion-client.ts'

/** That none of some assertions proves anything, and an honest one does. */
async function noneProves(
  bench: Bench,
  make: (client: AssertionClient) => Readonly<Record<string, Promise<string | undefined>>>,
): Promise<Verdict> {
  const client = await assertionClient(bench)
  const honest = await client.present(await client.assert())
  // Without this, a server that refuses every assertion would pass.
  if (!isProven(honest)) throw new NotApplicable(`an honest assertion is refused: ${tell(honest)}`)
  for (const [what, assertion] of Object.entries(make(client))) {
    const answer = await client.present(await assertion)
    if (answer.status < 400 || isProven(answer)) return failed(`${what}: ${tell(answer)}`)
  }
  return passed
}

const elsewhere = 'https://attacker.example'
const stranger = 'gatewright-testkit-stranger'

/** Clients that prove who they are by a signature. */
export const assertionChecks: readonly Check[] = [
  {
    id: 'authorization-server.assertion',
    title: 'takes the signed assertion of a client for its authentication',
    section: 'RFC 7523 §2.2',
    severity: 'must',
    mend: 'Verify `client_assertion` with the keys that the client registered; its audience is your issuer.',
    async run(bench) {
      const client = await assertionClient(bench)
      const answer = await client.present(await client.assert())
      return expectThat(isProven(answer), tell(answer))
    },
  },
  {
    id: 'authorization-server.assertion-missing',
    title: 'asks a client with a key for its assertion, each time',
    section: 'RFC 6749 §3.2.1',
    severity: 'must',
    mend: 'Take the way in which the client was registered to prove itself, and no other.',
    run: (bench) => noneProves(bench, () => ({ 'client_id alone': Promise.resolve(undefined) })),
  },
  {
    id: 'authorization-server.assertion-key',
    title: 'refuses an assertion that another key has signed',
    section: 'RFC 7523 §3',
    severity: 'must',
    mend: 'Verify the signature with the keys of the client that the assertion names.',
    async run(bench) {
      const { privateKey } = await generateKeyPair('ES256')
      return noneProves(bench, (client) => ({ 'another key': client.assert({}, privateKey) }))
    },
  },
  {
    id: 'authorization-server.assertion-algorithm',
    title: 'refuses an assertion without a signature, and one that is signed with the public key as secret',
    section: 'RFC 8725 §3.1',
    severity: 'must',
    mend: 'Say which algorithms count when you verify; never take that from the assertion.',
    run: (bench) =>
      noneProves(bench, (client) => ({ none: client.forge('none'), HS256: client.forge('HS256') })),
  },
  {
    id: 'authorization-server.assertion-audience',
    title: 'refuses an assertion that is meant for another server',
    section: 'RFC 7523 §3',
    severity: 'must',
    mend: 'Compare `aud` with your issuer: whoever else a client proves itself to could be that client here.',
    run: (bench) => noneProves(bench, (client) => ({ [elsewhere]: client.assert({ aud: elsewhere }) })),
  },
  {
    id: 'authorization-server.assertion-subject',
    title: 'refuses an assertion about another client',
    section: 'RFC 7523 §3',
    severity: 'must',
    mend: 'Both `iss` and `sub` must be the client that authenticates.',
    run: (bench) =>
      noneProves(bench, (client) => ({
        sub: client.assert({ sub: stranger }),
        iss: client.assert({ iss: stranger }),
      })),
  },
  {
    id: 'authorization-server.assertion-expiry',
    title: 'refuses an assertion that has expired, or never does',
    section: 'RFC 7523 §3',
    severity: 'must',
    mend: 'Require `exp`, and compare it with the clock.',
    run: (bench) =>
      noneProves(bench, (client) => ({
        'expired in 2020': client.assert({ iat: 1_577_836_800, exp: 1_577_836_860 }),
        'no exp': client.assert({ exp: undefined }),
      })),
  },
  {
    id: 'authorization-server.assertion-once',
    title: 'refuses an assertion that it has seen before',
    section: 'OpenID Connect Core 1.0 §9',
    severity: 'must',
    mend: 'Remember `jti` for as long as the assertion lives; the first to use it must win.',
    async run(bench) {
      const client = await assertionClient(bench)
      const assertion = await client.assert()
      const first = await client.present(assertion)
      if (!isProven(first)) throw new NotApplicable(`an honest assertion is refused: ${tell(first)}`)
      const again = await client.present(assertion)
      return expectThat(!isProven(again) && again.status >= 400, tell(again))
    },
  },
]
