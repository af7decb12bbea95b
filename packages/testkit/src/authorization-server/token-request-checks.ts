import { tell } from '../bench/answer.ts'
import { authenticate } from '../bench/tokens.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'

const noSuchToken = 'gatewright-testkit-no-such-token'

/** How the token endpoint and its neighbours refuse. */
export const tokenRequestChecks: readonly Check[] = [
  {
    id: 'authorization-server.token-error',
    title: 'answers a code that it did not issue with the error invalid_grant',
    section: 'RFC 6749 §5.2',
    severity: 'must',
    mend: 'Answer 400 with `{"error":"invalid_grant"}` as application/json; clients decide by that what to do next.',
    async run(bench) {
      const client = await bench.client('public')
      const draft = await bench.draft(client)
      const code = { ...draft, client, code: 'gatewright-testkit-no-such-code', callback: draft.url }
      const answer = await bench.redeem(code)
      const json = answer.headers.get('content-type')?.includes('json') === true
      return expectThat(
        answer.status === 400 && json && answer.json['error'] === 'invalid_grant',
        tell(answer),
      )
    },
  },
  {
    id: 'authorization-server.token-method',
    rows: ['AC-13'],
    title: 'takes token requests by POST alone',
    section: 'RFC 6749 §3.2',
    severity: 'must',
    mend: 'Answer 405 to GET, or codes and secrets end up in logs.',
    async run(bench) {
      const client = await bench.client('public')
      const { code, verifier, redirectUri } = await bench.code(client)
      const url = await bench.endpoint('token_endpoint')
      url.search = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: client.client_id,
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
        ...(bench.target.resource === undefined ? {} : { resource: bench.target.resource }),
      }).toString()
      for (const answer of [await bench.send(url), await bench.send(url, { form: {} })])
        if (answer.status < 400) return failed(`parameters in the URL: ${tell(answer)}`)
      return passed
    },
  },
  {
    id: 'authorization-server.token-content-type',
    rows: ['HT-01'],
    title: 'takes token requests as forms alone',
    section: 'RFC 6749 §4.1.3',
    severity: 'should',
    mend: 'Refuse other content types; a second parser is a second way around the checks.',
    async run(bench) {
      const client = await bench.client('public')
      const { code, verifier, redirectUri } = await bench.code(client)
      const answer = await bench.send(await bench.endpoint('token_endpoint'), {
        json: {
          grant_type: 'authorization_code',
          client_id: client.client_id,
          code,
          code_verifier: verifier,
          redirect_uri: redirectUri,
          resource: bench.target.resource,
        },
      })
      return expectThat(answer.status >= 400, tell(answer))
    },
  },
  {
    id: 'authorization-server.token-repeated-parameter',
    rows: ['HT-03'],
    title: 'refuses a token request with a parameter that is there twice',
    section: 'RFC 6749 §3.2',
    severity: 'must',
    mend: 'Answer `invalid_request` to any parameter that is repeated.',
    async run(bench) {
      const client = await bench.client('public')
      const { code, verifier, redirectUri } = await bench.code(client)
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: client.client_id,
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      })
      if (bench.target.resource !== undefined) form.set('resource', bench.target.resource)
      form.append('code', 'gatewright-testkit-no-such-code')
      const answer = await bench.send(await bench.endpoint('token_endpoint'), { form })
      return expectThat(answer.status === 400 && answer.json['error'] === 'invalid_request', tell(answer))
    },
  },
  {
    id: 'authorization-server.unknown-token-client',
    title: 'answers a client that it does not know with the error invalid_client',
    section: 'RFC 6749 §5.2',
    severity: 'must',
    mend: 'Answer `invalid_client`: clients register anew on that alone.',
    async run(bench) {
      const answer = await bench.send(await bench.endpoint('token_endpoint'), {
        form: {
          grant_type: 'refresh_token',
          refresh_token: noSuchToken,
          client_id: 'gatewright-testkit-stranger',
        },
      })
      return expectThat(answer.json['error'] === 'invalid_client', tell(answer))
    },
  },
  {
    id: 'authorization-server.basic-refused',
    title: 'answers wrong Basic credentials 401, with a Basic challenge',
    section: 'RFC 6749 §5.2',
    severity: 'must',
    mend: 'Answer 401 with `WWW-Authenticate: Basic`, as for any request that used the Authorization header.',
    async run(bench) {
      const answer = await bench.send(await bench.endpoint('token_endpoint'), {
        form: { grant_type: 'refresh_token', refresh_token: noSuchToken },
        headers: { authorization: `Basic ${btoa('gatewright-testkit-stranger:wrong')}` },
      })
      const challenge = answer.headers.get('www-authenticate') ?? ''
      return expectThat(answer.status === 401 && /\bbasic\b/i.test(challenge), tell(answer))
    },
  },
  {
    id: 'authorization-server.unsupported-grant',
    title: 'answers a grant type that it does not have with the error unsupported_grant_type',
    section: 'RFC 6749 §5.2',
    severity: 'must',
    mend: 'Answer `unsupported_grant_type`.',
    async run(bench) {
      const answer = await bench.post('token_endpoint', await bench.client('public'), {
        grant_type: 'urn:gatewright:testkit',
      })
      return expectThat(
        answer.status === 400 && answer.json['error'] === 'unsupported_grant_type',
        tell(answer),
      )
    },
  },
  {
    id: 'authorization-server.two-credentials',
    rows: ['CA-02'],
    title: 'refuses a client that proves itself in two ways at once',
    section: 'RFC 6749 §2.3',
    severity: 'should',
    mend: 'Answer `invalid_request` to a request with both Basic credentials and a secret in the body.',
    async run(bench) {
      const methods = await bench.listed('token_endpoint_auth_methods_supported')
      if (!methods.includes('client_secret_basic') || !methods.includes('client_secret_post'))
        throw new NotApplicable('it does not know both ways')
      const client = await bench.client('confidential')
      const form = { grant_type: 'refresh_token', refresh_token: noSuchToken }
      const endpoint = await bench.endpoint('token_endpoint')
      const body = authenticate({ ...client, method: 'client_secret_post' }).form
      const { headers } = authenticate({ ...client, method: 'client_secret_basic' })
      const answer = await bench.send(endpoint, { form: { ...form, ...body }, headers })
      return expectThat(answer.status >= 400 && answer.json['error'] !== 'invalid_grant', tell(answer))
    },
  },
  {
    id: 'authorization-server.wrong-secret',
    title: 'answers a wrong client secret with the error invalid_client',
    section: 'RFC 6749 §5.2',
    severity: 'must',
    mend: 'Authenticate the client before anything else of the request is looked at.',
    async run(bench) {
      const client = {
        ...(await bench.client('confidential')),
        client_secret: 'gatewright-testkit-wrong-secret',
      }
      const form = { grant_type: 'refresh_token', refresh_token: noSuchToken }
      const answer = await bench.post('token_endpoint', client, form)
      return expectThat(answer.status >= 400 && answer.json['error'] === 'invalid_client', tell(answer))
    },
  },
  {
    id: 'authorization-server.open-introspection',
    rows: ['CA-25'],
    title: 'tells nothing about tokens to callers that it does not know',
    section: 'RFC 7662 §2.1',
    severity: 'must',
    mend: 'Require authentication at the introspection endpoint, or anybody can try tokens there.',
    async run(bench) {
      const answer = await bench.send(await bench.endpoint('introspection_endpoint'), {
        form: { token: noSuchToken },
      })
      return expectThat(answer.status >= 400, tell(answer))
    },
  },
]
