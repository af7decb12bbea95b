import { boundTokens } from '../authorization-server/dpop-checks.ts'
import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { initialize } from '../bench/discovery.ts'
import { createProofKey, sendProven } from '../bench/dpop-key.ts'
import type { ProofKey } from '../bench/dpop-key.ts'
import { modernRequest } from '../bench/mcp.ts'
import { once } from '../bench/once.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'

/** A bound token of the target and its key. */
interface Bound {
  readonly key: ProofKey
  readonly token: string
}

const made = new WeakMap<Bench, () => Promise<Bound>>()

/** @throws {NotApplicable} where tokens are not bound, or the resource does not know such tokens */
function bound(bench: Bench): Promise<Bound> {
  const make = made.get(bench) ?? once(() => bind(bench))
  made.set(bench, make)
  return make()
}

async function bind(bench: Bench): Promise<Bound> {
  const { dpop_signing_alg_values_supported: algorithms } = await bench.resourceMetadata()
  if (!Array.isArray(algorithms)) throw new NotApplicable('the resource takes no proofs of keys')
  const key = await createProofKey(bench)
  return { key, token: (await boundTokens(bench, key)).access_token }
}

/** Calls with a token and a proof of a key, in the way that the server answers: by handshake or without. */
async function call(bench: Bench, token: string, key: ProofKey, proven: string | undefined): Promise<Answer> {
  const prove = (nonce: Readonly<Record<string, string>>) =>
    key.prove(
      'POST',
      bench.resource(),
      ({ header, claims }) => ({ header, claims: { ...claims, ...nonce } }),
      proven,
    )
  const send = (message: object, more: Readonly<Record<string, string>> = {}) =>
    sendProven(prove, (headers) =>
      bench.mcp.post(message, undefined, {
        headers: { ...more, ...headers, authorization: `DPoP ${token}` },
      }),
    )
  const answer = await send(initialize)
  if (answer.status !== 400) return answer
  const { message, headers } = modernRequest('server/discover')
  return send(message, headers)
}

async function honest(bench: Bench): Promise<Bound> {
  const { key, token } = await bound(bench)
  const answer = await call(bench, token, key, token)
  // Without this, a server that refuses every bound token would pass.
  if (answer.status !== 200) throw new NotApplicable(`its own bound token is refused: ${tell(answer)}`)
  return { key, token }
}

/** Tokens that are of no use without a key. */
export const boundTokenChecks: readonly Check[] = [
  {
    id: 'resource-server.dpop',
    title: 'accepts a token that is bound to a key with a proof of that key',
    section: 'RFC 9449 §7.1',
    severity: 'must',
    mend: 'Accept the scheme `DPoP`, and compare the key of the proof with `cnf.jkt` of the token.',
    async run(bench) {
      const { key, token } = await bound(bench)
      const answer = await call(bench, token, key, token)
      return expectThat(answer.status === 200, tell(answer))
    },
  },
  {
    id: 'resource-server.dpop-bearer',
    title: 'refuses a token that is bound to a key when it comes as a bearer token',
    section: 'RFC 9449 §7.2',
    severity: 'must',
    mend: 'Refuse a token with `cnf.jkt` under the scheme `Bearer`: whoever stole it has no key.',
    async run(bench) {
      const { token } = await honest(bench)
      const answer = await bench.mcp.post(initialize, token)
      return expectThat(answer.status === 401, tell(answer))
    },
  },
  {
    id: 'resource-server.dpop-key',
    title: 'refuses a bound token with a proof of another key',
    section: 'RFC 9449 §4.3',
    severity: 'must',
    mend: 'Compare the thumbprint of the key that made the proof with `cnf.jkt` of the token.',
    async run(bench) {
      const { token } = await honest(bench)
      const answer = await call(bench, token, await createProofKey(bench), token)
      return expectThat(answer.status === 401, tell(answer))
    },
  },
  {
    id: 'resource-server.dpop-token',
    title: 'refuses a proof that does not name the token it comes with',
    section: 'RFC 9449 §4.3',
    severity: 'must',
    mend: 'Require `ath`, and compare it with the hash of the token.',
    async run(bench) {
      const { key, token } = await honest(bench)
      for (const proven of [undefined, 'another-token']) {
        const answer = await call(bench, token, key, proven)
        if (answer.status !== 401) return failed(`ath of ${proven ?? 'no token'}: ${tell(answer)}`)
      }
      return passed
    },
  },
]
