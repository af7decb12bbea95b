import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { createProofKey, sendProven } from '../bench/dpop-key.ts'
import type { Proof, ProofKey } from '../bench/dpop-key.ts'
import { readTokens } from '../bench/tokens.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check, Verdict } from '../check.ts'

type Alter = (proof: Proof) => Proof

const claims =
  (changes: Readonly<Record<string, unknown>>): Alter =>
  ({ header, claims: before }) => ({ header, claims: { ...before, ...changes } })
const header =
  (changes: Readonly<Record<string, unknown>>): Alter =>
  ({ header: before, claims: kept }) => ({ header: { ...before, ...changes }, claims: kept })

/** Redeems a new code of the public client with a proof of a key. */
async function redeem(
  bench: Bench,
  key: ProofKey,
  alter: Alter = (proof) => proof,
  signedBy = key.privateKey,
  jkt?: string,
): Promise<Answer> {
  const client = await bench.client('public')
  const code = await bench.code(client, jkt === undefined ? {} : { dpop_jkt: jkt })
  const url = await bench.endpoint('token_endpoint')
  return sendProven(
    (nonce) => key.prove('POST', url, (proof) => alter(claims(nonce)(proof)), undefined, signedBy),
    (headers) => bench.redeem(code, {}, client, headers),
  )
}

/** Tokens that are bound to a key. @throws {NotApplicable} when an honest proof brings none */
export async function boundTokens(bench: Bench, key: ProofKey) {
  const answer = await redeem(bench, key)
  const tokens = readTokens(await bench.client('public'), answer)
  if (tokens === undefined || String(answer.json['token_type']).toLowerCase() !== 'dpop')
    throw new NotApplicable(`a proof brings no bound token (see authorization-server.dpop): ${tell(answer)}`)
  return tokens
}

async function noneIsTaken(
  bench: Bench,
  key: ProofKey,
  proofs: Readonly<Record<string, readonly [Alter, signedBy?: ProofKey['privateKey']]>>,
): Promise<Verdict> {
  await boundTokens(bench, key)
  for (const [what, [alter, signedBy]] of Object.entries(proofs)) {
    const answer = await redeem(bench, key, alter, signedBy)
    if (answer.status < 400) return failed(`${what}: ${tell(answer)}`)
  }
  return passed
}

/** Tokens that are bound to a key of their client. */
export const dpopChecks: readonly Check[] = [
  {
    id: 'authorization-server.dpop',
    title: 'binds a token to the key of a proof, and says so in its type',
    section: 'RFC 9449 §5',
    severity: 'must',
    mend: 'Answer `"token_type": "DPoP"` when the request had a valid proof, and put `cnf.jkt` into the token.',
    async run(bench) {
      const answer = await redeem(bench, await createProofKey(bench))
      const { token_type: type } = answer.json
      return expectThat(answer.status === 200 && String(type).toLowerCase() === 'dpop', tell(answer))
    },
  },
  {
    id: 'authorization-server.dpop-request',
    title: 'refuses a proof that was made for another request',
    section: 'RFC 9449 §4.3',
    severity: 'must',
    mend: 'Compare `htm` with the method and `htu` with the URL of the token endpoint as it is configured.',
    run: async (bench) =>
      noneIsTaken(bench, await createProofKey(bench), {
        htm: [claims({ htm: 'GET' })],
        htu: [claims({ htu: 'https://attacker.example/token' })],
      }),
  },
  {
    id: 'authorization-server.dpop-signature',
    title: 'refuses a proof that its own key did not sign',
    section: 'RFC 9449 §4.3',
    severity: 'must',
    mend: 'Verify the signature with the `jwk` of the header.',
    async run(bench) {
      const key = await createProofKey(bench)
      const other = await createProofKey(bench)
      return noneIsTaken(bench, key, { 'another key': [(proof) => proof, other.privateKey] })
    },
  },
  {
    id: 'authorization-server.dpop-form',
    title: 'refuses a proof that says it is something else, lacks its number, or shows a private key',
    section: 'RFC 9449 §4.3',
    severity: 'must',
    mend: 'Require `typ` to be `dpop+jwt`, `jti`, and a `jwk` without private members.',
    async run(bench) {
      const key = await createProofKey(bench)
      return noneIsTaken(bench, key, {
        typ: [header({ typ: 'JWT' })],
        jti: [claims({ jti: undefined })],
        jwk: [header({ jwk: key.privateJwk })],
      })
    },
  },
  {
    id: 'authorization-server.dpop-age',
    title: 'refuses a proof of yesterday',
    section: 'RFC 9449 §4.3',
    severity: 'must',
    mend: 'Accept `iat` within some minutes, or demand a nonce.',
    run: async (bench) =>
      noneIsTaken(bench, await createProofKey(bench), {
        iat: [
          ({ header: kept, claims: { iat, ...rest } }) => ({
            header: kept,
            claims: { ...rest, iat: Number(iat) - 86_400 },
          }),
        ],
      }),
  },
  {
    id: 'authorization-server.dpop-two-proofs',
    title: 'refuses a request with two proofs',
    section: 'RFC 9449 §4.3',
    severity: 'must',
    mend: 'Refuse a request with more than one DPoP header; frameworks join them with a comma.',
    async run(bench) {
      const [key, other] = [await createProofKey(bench), await createProofKey(bench)]
      await boundTokens(bench, key)
      const url = await bench.endpoint('token_endpoint')
      const client = await bench.client('public')
      const code = await bench.code(client)
      const both = async (nonce: object) => {
        const proofs = [key, other].map((one) => one.prove('POST', url, claims({ ...nonce })))
        return (await Promise.all(proofs)).join(', ')
      }
      const answer = await sendProven(both, (headers) => bench.redeem(code, {}, client, headers))
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'authorization-server.dpop-once',
    title: 'refuses a proof that it has seen before',
    section: 'RFC 9449 §11.1',
    severity: 'should',
    mend: 'Remember `jti` for as long as a proof is accepted, or demand a nonce that counts once.',
    async run(bench) {
      const key = await createProofKey(bench)
      await boundTokens(bench, key)
      const client = await bench.client('public')
      const url = await bench.endpoint('token_endpoint')
      const [first, second] = [await bench.code(client), await bench.code(client)]
      let proof = ''
      const taken = await sendProven(
        async (nonce) => (proof = await key.prove('POST', url, claims(nonce))),
        (headers) => bench.redeem(first, {}, client, headers),
      )
      if (taken.status !== 200) throw new NotApplicable(`an honest proof is refused: ${tell(taken)}`)
      const answer = await bench.redeem(second, {}, client, { dpop: proof })
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'authorization-server.dpop-code',
    title: 'gives no tokens for a code to another key than the client announced',
    section: 'RFC 9449 §10',
    severity: 'must',
    mend: 'Keep `dpop_jkt` with the code, and compare it with the key of the proof.',
    async run(bench) {
      const [key, thief] = [await createProofKey(bench), await createProofKey(bench)]
      const honest = await redeem(bench, key, undefined, undefined, key.jkt)
      if (honest.status !== 200) throw new NotApplicable(`its own key is refused: ${tell(honest)}`)
      const answer = await redeem(bench, thief, undefined, undefined, key.jkt)
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'authorization-server.dpop-refresh',
    title: 'binds the refresh token of a public client to its key',
    section: 'RFC 9449 §5',
    severity: 'must',
    mend: 'Keep the thumbprint of the key with the refresh token, and ask for a proof of it at each refresh.',
    async run(bench) {
      const [key, thief] = [await createProofKey(bench), await createProofKey(bench)]
      const { refresh_token: token, client } = await boundTokens(bench, key)
      if (token === undefined) throw new NotApplicable('the server issues no refresh tokens')
      const url = await bench.endpoint('token_endpoint')
      const answer = await sendProven(
        (nonce) => thief.prove('POST', url, claims(nonce)),
        (headers) => bench.refresh(client, token, {}, headers),
      )
      if (answer.status < 400) return failed(`with another key: ${tell(answer)}`)
      const bare = await bench.refresh(client, token)
      return expectThat(bare.status >= 400, `without a proof: ${tell(bare)}`)
    },
  },
]
