import { tell } from '../bench/answer.ts'
import { arrivalOf } from '../bench/authorization.ts'
import type { Changes } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import type { TestClient } from '../bench/clients.ts'
import type { Form } from '../bench/tokens.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check } from '../check.ts'

const endpoint = 'pushed_authorization_request_endpoint'

/** Pushes a request that is right unless it is changed. */
async function push(bench: Bench, client: TestClient, changes: Changes = {}) {
  const draft = await bench.draft(client, changes)
  const form: Form = Object.fromEntries(draft.url.searchParams)
  return { draft, answer: await bench.post(endpoint, client, form) }
}

/** A reference to a pushed request. @throws {NotApplicable} when an honest push is refused */
async function pushed(bench: Bench, client: TestClient) {
  const { draft, answer } = await push(bench, client)
  const { request_uri: uri } = answer.json
  if (answer.status >= 300 || typeof uri !== 'string')
    throw new NotApplicable(`an honest request was not taken: ${tell(answer)}`)
  return { draft, uri }
}

/** Nothing but the client and the reference, as it is sent to the browser. */
const byReference = (uri: string): Changes => ({
  response_type: undefined,
  redirect_uri: undefined,
  scope: undefined,
  state: undefined,
  code_challenge: undefined,
  code_challenge_method: undefined,
  resource: undefined,
  prompt: undefined,
  request_uri: uri,
})

/** Authorization requests that the client sends to the server before the browser. */
export const pushedRequestChecks: readonly Check[] = [
  {
    id: 'authorization-server.par',
    title: 'takes a pushed authorization request, and answers 201 with a reference and how long it lives',
    section: 'RFC 9126 §2.2',
    severity: 'must',
    mend: 'Answer 201 with `request_uri` and a positive `expires_in`.',
    async run(bench) {
      const { answer } = await push(bench, await bench.client('public'))
      const { request_uri: uri, expires_in: seconds } = answer.json
      return expectThat(
        answer.status === 201 && typeof uri === 'string' && typeof seconds === 'number' && seconds > 0,
        tell(answer),
      )
    },
  },
  {
    id: 'authorization-server.par-request',
    title: 'goes on with a pushed request at its authorization endpoint',
    section: 'RFC 9126 §4',
    severity: 'must',
    mend: 'Take `client_id` and `request_uri` alone for the request that was pushed.',
    async run(bench) {
      const client = await bench.client('public')
      const { uri, draft } = await pushed(bench, client)
      const answer = await bench.ask(client, byReference(uri))
      return expectThat(!arrivalOf(answer, draft.redirectUri).startsWith('refused'), tell(answer))
    },
  },
  {
    id: 'authorization-server.par-client',
    title: 'refuses a reference that another client got',
    section: 'RFC 9126 §2.2',
    severity: 'must',
    mend: 'Keep with the request which client pushed it, and compare.',
    async run(bench) {
      const { uri } = await pushed(bench, await bench.client('public'))
      const other = await bench.client('other')
      const answer = await bench.ask(other, byReference(uri))
      return expectThat(arrivalOf(answer, other.redirect_uris[0]).startsWith('refused'), tell(answer))
    },
  },
  {
    id: 'authorization-server.par-reference',
    title: 'refuses a pushed request that refers to another one',
    section: 'RFC 9126 §2.1',
    severity: 'must',
    mend: 'Refuse `request_uri` at this endpoint: the request would be whatever lies there later.',
    async run(bench) {
      const client = await bench.client('public')
      const { uri } = await pushed(bench, client)
      const { answer } = await push(bench, client, { request_uri: uri })
      return expectThat(answer.status >= 400, tell(answer))
    },
  },
  {
    id: 'authorization-server.par-checks',
    title: 'checks a request when it is pushed, the redirect URI included',
    section: 'RFC 9126 §2.1',
    severity: 'must',
    mend: 'Run the checks of the authorization endpoint here; the client is there to hear what is wrong.',
    async run(bench) {
      const client = await bench.client('public')
      await pushed(bench, client)
      const { answer } = await push(bench, client, { redirect_uri: 'https://attacker.example/callback' })
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'authorization-server.par-authentication',
    title: 'takes pushed requests of a client that has a secret only when it proves that',
    section: 'RFC 9126 §2.1',
    severity: 'must',
    mend: 'Authenticate the client as at the token endpoint.',
    async run(bench) {
      await bench.endpoint(endpoint)
      const client = await bench.client('confidential')
      await pushed(bench, client)
      const { client_secret: _secret, ...bare } = client
      const { answer } = await push(bench, { ...bare, method: 'none' })
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'authorization-server.par-method',
    title: 'takes pushed requests by POST alone',
    section: 'RFC 9126 §2.3',
    severity: 'should',
    mend: 'Answer 405 to every other method.',
    async run(bench) {
      const answer = await bench.send(await bench.endpoint(endpoint))
      return expectThat(answer.status === 405, tell(answer))
    },
  },
  {
    id: 'authorization-server.par-once',
    title: 'gives one code for a pushed request',
    section: 'RFC 9126 §4',
    severity: 'should',
    mend: 'Use the reference up when a code is issued for it.',
    async run(bench) {
      const client = await bench.client('public')
      const { uri, draft } = await pushed(bench, client)
      const { url } = await bench.draft(client, byReference(uri))
      // The pages are left towards the redirect URI, which is not in the URL of such a request.
      const browser = bench.browser()
      const first = await bench.journey(url, browser, undefined, draft.redirectUri)
      if (!first.callback.searchParams.has('code'))
        throw new NotApplicable(`no code came back: ${first.callback.searchParams.get('error') ?? ''}`)
      const answer = await bench.ask(client, byReference(uri))
      return expectThat(arrivalOf(answer, draft.redirectUri).startsWith('refused'), tell(answer))
    },
  },
]
