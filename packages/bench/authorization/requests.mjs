import { createHash, randomBytes } from 'node:crypto'
import * as shape from './shape.mjs'

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const basic = `Basic ${btoa(`${shape.service.id}:${shape.service.secret}`)}`

/**
 * The requests of each job, for any server: every one is fresh, as it would be of a client of its own.
 *
 * A server says in `client`, `paths`, `browser` and `extra` where it differs.
 */
export function requestsOf(server) {
  const paths = { ...shape.paths, ...server.paths }
  const client = { id: shape.publicClient, scope: shape.scope, ...server.client }
  const indicator = server.client?.resource === false ? {} : { resource: shape.resource }
  const post = (path, fields, headers = {}, expect = 200) => ({
    method: 'POST',
    path,
    headers: { ...form, ...headers },
    body: new URLSearchParams(fields).toString(),
    expect,
  })

  function authorize(id = client.id, expect = server.expect?.authorize ?? 302) {
    const verifier = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri: shape.redirectUri,
      scope: client.scope,
      state: randomBytes(12).toString('base64url'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...indicator,
    })
    const request = { method: 'GET', path: `${paths.authorize}?${query}`, headers: { ...server.browser } }
    return { ...request, expect, verifier }
  }

  async function exchange() {
    const { verifier, ...request } = authorize()
    const code = codeOf(await send(server, request))
    return post(paths.token, {
      grant_type: 'authorization_code',
      client_id: client.id,
      code,
      redirect_uri: shape.redirectUri,
      code_verifier: verifier,
      ...indicator,
    })
  }
  const tokens = async () => JSON.parse((await send(server, await exchange())).body)
  const refreshOf = ({ refresh_token }) =>
    post(paths.token, { grant_type: 'refresh_token', client_id: client.id, refresh_token })

  let known
  const oneToken = () => (known ??= tokens())
  return {
    authorize: async () => withoutVerifier(authorize()),
    'metadata-document': async () =>
      withoutVerifier(authorize(server.documentClient, server.expect?.['metadata-document'])),
    code: exchange,
    refresh: async () => refreshOf(await tokens()),
    'client-credentials': async () =>
      post(
        paths.token,
        { grant_type: 'client_credentials', scope: shape.scope, ...indicator },
        { authorization: basic },
      ),
    device: async () => post(paths.device, { client_id: client.id, scope: client.scope, ...indicator }),
    exchange: async () =>
      post(
        paths.token,
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token: (await oneToken()).access_token,
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          resource: shape.otherResource,
        },
        { authorization: basic },
      ),
    introspect: async () =>
      post(paths.introspect, { token: (await oneToken()).access_token }, { authorization: basic }),
    revoke: async () =>
      post(paths.revoke, {
        client_id: client.id,
        token: (await tokens()).refresh_token,
        token_type_hint: 'refresh_token',
      }),
    register: async () => ({
      method: 'POST',
      path: paths.register,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'A client',
        redirect_uris: ['http://127.0.0.1:33418/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        ...server.extra?.register,
      }),
      expect: 201,
    }),
    /** From the authorization request to a refreshed token that was looked at once. */
    async flow() {
      const next = JSON.parse((await send(server, refreshOf(await tokens()))).body)
      const look = post(paths.introspect, { token: next.access_token }, { authorization: basic })
      if (server.paths?.introspect !== false) await send(server, look)
    },
  }
}

const withoutVerifier = ({ verifier: _verifier, ...request }) => request

/** Sends a request to a server in this process, and insists on the status that it should have. */
export async function send(server, { expect = 200, ...request }) {
  const answer = await server.call(request)
  if (answer.status !== expect)
    throw new Error(`${request.path} answered ${answer.status}: ${String(answer.body).slice(0, 500)}`)
  return answer
}

function codeOf({ location, body }) {
  const code = new URL(location, shape.origin).searchParams.get('code')
  if (code === null) throw new Error(`there is no code in ${location}: ${body}`)
  return code
}
