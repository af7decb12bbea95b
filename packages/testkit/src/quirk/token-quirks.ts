import { tell } from '../bench/answer.ts'
import { authenticate, readTokens } from '../bench/tokens.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'
import { readForms } from '../bench/page-forms.ts'

/** How real clients redeem, refresh and revoke. */
export const tokenQuirks: readonly Check[] = [
  {
    id: 'quirk.stale-client',
    title: 'answers a client that it has forgotten 401 invalid_client, upon which Claude registers anew',
    section: 'RFC 6749 §5.2',
    severity: 'should',
    mend: 'Answer 401 also when the client named itself in the body; after a 400 its user is stuck with an id that is gone.',
    async run(bench) {
      const answer = await bench.send(await bench.endpoint('token_endpoint'), {
        form: { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'gatewright-testkit-stranger' },
      })
      return expectThat(answer.status === 401 && answer.json['error'] === 'invalid_client', tell(answer))
    },
  },
  {
    id: 'quirk.refresh-token-issued',
    title: 'gives a refresh token to a client that registered for refreshing',
    section: 'RFC 6749 §1.5',
    severity: 'should',
    mend: 'Issue one to clients with the grant type refresh_token, or at least list `offline_access` in the metadata, or users sign in anew each hour.',
    async run(bench) {
      const { refresh_token: token, answer } = await bench.signIn(await bench.client('public'))
      return expectThat(token !== undefined, `members: ${Object.keys(answer.json).join(', ')}`)
    },
  },
  {
    id: 'quirk.parallel-refresh',
    title: 'leaves a client connected that refreshes five times at once, as windows of one application do',
    section: 'RFC 9700 §4.14.2',
    severity: 'should',
    mend: 'Give the same successor to whoever repeats a refresh within some seconds. A second use is no proof of theft, and ending the grant signs the user out.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: token } = await bench.refreshable(client)
      const answers = await Promise.all(Array.from({ length: 5 }, () => bench.refresh(client, token)))
      const told = answers.map(({ status }) => status).join(' ')
      const successors = answers.flatMap((answer) => readTokens(client, answer)?.refresh_token ?? [])
      if (successors.length === 0) return failed(`five at once: ${told}`)
      let after = ''
      for (const successor of new Set(successors)) {
        const answer = await bench.refresh(client, successor)
        if (answer.status === 200) return passed
        after = tell(answer)
      }
      return failed(`five at once: ${told}; with the successor, ${after}`)
    },
  },
  {
    id: 'quirk.lost-refresh',
    title: 'lets a client repeat a refresh whose answer was lost',
    section: 'RFC 9700 §4.14.2',
    severity: 'should',
    mend: 'Answer the repetition of a refresh as the first time until the successor is used: networks lose answers.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: token } = await bench.refreshable(client)
      // The first answer is the one that is lost.
      await bench.refreshed(client, token)
      const answer = await bench.refresh(client, token)
      return expectThat(answer.status === 200, `the same refresh again: ${tell(answer)}`)
    },
  },
  {
    id: 'quirk.refresh-without-resource',
    title: 'refreshes without being told the resource again, as Codex does',
    section: 'RFC 8707 §2.2',
    severity: 'should',
    mend: 'Keep the resource with the grant, and take it where a request names none.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: token } = await bench.refreshable(client)
      const answer = await bench.refresh(client, token, { resource: undefined })
      return expectThat(answer.status === 200, tell(answer))
    },
  },
  {
    id: 'quirk.refresh-with-scope',
    title: 'refreshes with the scope repeated, as mcp-remote and authlib do',
    section: 'RFC 6749 §6',
    severity: 'should',
    mend: 'Accept the scope that was granted.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: token, scope } = await bench.refreshable(client)
      const answer = await bench.refresh(client, token, { scope: scope ?? (await bench.scope()) })
      return expectThat(answer.status === 200, tell(answer))
    },
  },
  {
    id: 'quirk.basic-then-body',
    rows: ['AC-09'],
    title: 'lets a client try Basic first and the body after that, with the same code, as programs in Go do',
    section: 'RFC 6749 §5.2',
    severity: 'should',
    mend: 'Use a code up only when everything of the request was right; take an empty secret for none.',
    async run(bench) {
      const client = await bench.client('public')
      const { code, verifier, redirectUri } = await bench.code(client)
      const form = {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
        resource: bench.target.resource,
      }
      const { headers } = authenticate({ ...client, method: 'client_secret_basic' })
      const basic = await bench.send(await bench.endpoint('token_endpoint'), { form, headers })
      if (basic.status === 200) return passed
      const body = await bench.post('token_endpoint', client, form)
      return expectThat(body.status === 200, `Basic: ${basic.status}; then ${tell(body)}`)
    },
  },
  {
    id: 'quirk.resource-omitted',
    rows: ['RS-07'],
    title: 'gives a client that names no resource a token that its resource accepts',
    section: 'RFC 8707 §2.1',
    severity: 'should',
    mend: 'Take the resource for granted where there is only one: clients before MCP 2025-06-18 name none.',
    async run(bench) {
      bench.resource()
      if (bench.target.otherResource !== undefined) throw new NotApplicable('there are several resources')
      const client = await bench.client('public')
      const { callback, ...draft } = await bench.approve(client, { resource: undefined })
      const code = callback.searchParams.get('code')
      if (code === null) return failed(callback.href)
      const answer = await bench.redeem({ ...draft, client, code, callback }, { resource: undefined })
      const token = readTokens(client, answer)
      if (token === undefined) return failed(tell(answer))
      const call = await bench.mcp.open(token.access_token).catch(() => undefined)
      return expectThat(call !== undefined, 'the resource refuses the token')
    },
  },
  {
    id: 'quirk.logout',
    title: 'lets Claude Code log out: refresh token first, then access token, with the client id in the body',
    section: 'RFC 7009 §2.2',
    severity: 'should',
    mend: 'Answer 200 also for a token that is gone already.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: refresh, access_token: access } = await bench.refreshable(client)
      for (const [token, hint] of [
        [refresh, 'refresh_token'],
        [access, 'access_token'],
      ] as const) {
        const answer = await bench.post('revocation_endpoint', client, { token, token_type_hint: hint })
        if (answer.status !== 200) return failed(`${hint}: ${tell(answer)}`)
      }
      return passed
    },
  },
  {
    id: 'quirk.json-revocation',
    title: 'answers a revocation with JSON, which simple-oauth2 wants also where there is nothing to say',
    section: 'RFC 7009 §2.2',
    severity: 'should',
    mend: 'Answer `{}` as application/json.',
    async run(bench) {
      const client = await bench.client('public')
      const answer = await bench.post('revocation_endpoint', client, {
        token: 'gatewright-testkit-no-such-token',
      })
      if (answer.status !== 200) return failed(tell(answer))
      const type = answer.headers.get('content-type')
      return expectThat(type?.includes('json') === true, `Content-Type: ${type ?? '(none)'}`)
    },
  },
  {
    id: 'quirk.form-action',
    rows: ['CO-03'],
    title: 'does not let its own content security policy stop the way back to the client',
    section: 'RFC 6749 §4.1.2',
    severity: 'should',
    mend: 'Leave `form-action` out of the policy of the consent page, or name the redirect URI there: browsers apply it to the redirect that follows the form.',
    async run(bench) {
      const client = await bench.client('public')
      const { url, redirectUri } = await bench.draft(client)
      const { pages } = await bench.journey(url)
      const blocking = pages.filter(({ headers, text }) => {
        const [, sources] = /form-action([^;]*)/.exec(headers.get('content-security-policy') ?? '') ?? []
        const posts = readForms(text).some(({ method }) => method === 'post')
        return (
          posts &&
          sources !== undefined &&
          !/\*|https?:(?:\s|$)/.test(sources) &&
          !sources.includes(new URL(redirectUri).origin)
        )
      })
      const [page] = blocking.slice(-1)
      return expectThat(
        page === undefined,
        `${page?.url.pathname ?? ''} forbids forms that lead to ${redirectUri}`,
      )
    },
  },
]
