import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { leadsTo } from '../bench/browser.ts'
import type { Browser } from '../bench/browser.ts'
import { commonMetadata } from '../bench/clients.ts'
import type { TestClient } from '../bench/clients.ts'
import { readForms } from '../bench/page-forms.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check } from '../check.ts'
import { encodeParts } from '../resource-server/forged-token.ts'

const farewell = 'https://client.example/goodbye'
const made = new WeakMap<Bench, Promise<TestClient>>()

/** A client that may send its users back after they have signed out. */
function logoutClient(bench: Bench): Promise<TestClient> {
  const client = made.get(bench) ?? register(bench)
  made.set(bench, client)
  return client
}

async function register(bench: Bench): Promise<TestClient> {
  await bench.endpoint('end_session_endpoint')
  const redirectUris = ['https://client.example/callback'] as const
  const answer = await bench.register({
    ...commonMetadata,
    token_endpoint_auth_method: 'none',
    redirect_uris: redirectUris,
    post_logout_redirect_uris: [farewell],
  })
  const { client_id: id } = answer.json
  if (answer.status >= 300 || typeof id !== 'string')
    throw new NotApplicable(`a client with post_logout_redirect_uris was not registered: ${tell(answer)}`)
  return { client_id: id, method: 'none', redirect_uris: redirectUris }
}

/** A browser whose user is signed in, and the ID token that came of it. */
async function signedIn(bench: Bench) {
  const client = await logoutClient(bench)
  const browser = bench.browser()
  const scope = [...new Set(['openid', ...((await bench.scope())?.split(' ') ?? [])])].join(' ')
  const draft = await bench.draft(client, { scope })
  const { callback } = await bench.journey(draft.url, browser)
  const code = callback.searchParams.get('code')
  if (code === null) throw new NotApplicable(`no code came back: ${callback.searchParams.get('error') ?? ''}`)
  const tokens = await bench.redeem({ ...draft, client, code, callback })
  const { id_token: hint } = tokens.json
  if (typeof hint !== 'string') throw new NotApplicable('the server issues no ID tokens')
  if (!(await isSignedIn(bench, browser)))
    throw new NotApplicable('a sign-in lasts no longer than its request')
  return { client, browser, hint }
}

/** Whether the browser's user is still signed in: only then the next request does not begin with a password. */
async function isSignedIn(bench: Bench, browser: Browser): Promise<boolean> {
  const { url } = await bench.draft(await logoutClient(bench), { scope: 'openid' })
  const page = await browser.open(url)
  return readForms(page.text).every(({ inputs }) => inputs.every(({ type }) => type !== 'password'))
}

async function leave(
  bench: Bench,
  browser: Browser,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  const url = await bench.endpoint('end_session_endpoint')
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return browser.open(url)
}

/** Whether an answer, or what its page says, sends the browser to a place. */
function sendsTo(answer: Answer, place: string): boolean {
  const links = [`="${place}`, `='${place}`, `url=${place}`]
  return (
    (answer.location !== undefined && leadsTo(answer.location, place)) ||
    links.some((link) => answer.text.includes(link))
  )
}

/** How users are signed out at the wish of a client. */
export const logoutChecks: readonly Check[] = [
  {
    id: 'authorization-server.logout',
    title:
      'signs a user out at the wish of a client, and returns to where the client registered, with its state',
    section: 'OpenID Connect RP-Initiated Logout 1.0 §3',
    severity: 'must',
    mend: 'Verify `id_token_hint`, end the session, and redirect to `post_logout_redirect_uri` with `state`.',
    async run(bench) {
      const { browser, hint } = await signedIn(bench)
      const parameters = { id_token_hint: hint, post_logout_redirect_uri: farewell, state: 'testkit' }
      let answer = await leave(bench, browser, parameters)
      const asks = answer.location === undefined && readForms(answer.text).length > 0
      if (asks) answer = await browser.confirm(answer)
      const back = answer.location
      if (back === undefined || !leadsTo(back, farewell) || back.searchParams.get('state') !== 'testkit')
        return { status: 'failed', evidence: tell(answer) }
      return expectThat(!(await isSignedIn(bench, browser)), 'the user is still signed in')
    },
  },
  {
    id: 'authorization-server.logout-redirect',
    title: 'sends nobody after signing out to where the client did not register',
    section: 'OpenID Connect RP-Initiated Logout 1.0 §3',
    severity: 'must',
    mend: 'Compare `post_logout_redirect_uri` with the registered ones as strings, and show a page otherwise.',
    async run(bench) {
      const { browser, hint } = await signedIn(bench)
      for (const place of ['https://attacker.example/', `${farewell}/elsewhere`]) {
        const answer = await leave(bench, browser, { id_token_hint: hint, post_logout_redirect_uri: place })
        if (sendsTo(answer, place)) return { status: 'failed', evidence: tell(answer) }
      }
      return { status: 'passed' }
    },
  },
  {
    id: 'authorization-server.logout-asks',
    title: 'signs nobody out because a link was opened, without asking',
    section: 'OpenID Connect RP-Initiated Logout 1.0 §2',
    severity: 'must',
    mend: 'Without an ID token of the user who is there, ask: any page can send a browser to this URL.',
    async run(bench) {
      const { browser, client } = await signedIn(bench)
      const answer = await leave(bench, browser, { client_id: client.client_id })
      return expectThat(await isSignedIn(bench, browser), `without id_token_hint: ${tell(answer)}`)
    },
  },
  {
    id: 'authorization-server.logout-forged',
    title: 'signs nobody out for an ID token that it did not issue, without asking',
    section: 'OpenID Connect RP-Initiated Logout 1.0 §2',
    severity: 'must',
    mend: 'Verify the signature and the issuer of `id_token_hint`; one that fails is as good as none.',
    async run(bench) {
      const { browser, hint } = await signedIn(bench)
      const [, claims = ''] = hint.split('.')
      const [unsigned] = encodeParts({ alg: 'none' }, {}).split('.')
      const answer = await leave(bench, browser, { id_token_hint: `${unsigned}.${claims}.` })
      return expectThat(await isSignedIn(bench, browser), `without a signature: ${tell(answer)}`)
    },
  },
  {
    id: 'authorization-server.logout-client',
    title: 'refuses to sign out for a client that has the ID token of another',
    section: 'OpenID Connect RP-Initiated Logout 1.0 §2',
    severity: 'must',
    mend: 'Compare `client_id` with the audience of `id_token_hint` when both are there.',
    async run(bench) {
      const { browser, hint } = await signedIn(bench)
      const { client_id: other } = await bench.client('other')
      const answer = await leave(bench, browser, { id_token_hint: hint, client_id: other })
      return expectThat(await isSignedIn(bench, browser), tell(answer))
    },
  },
]
