// The least that an authorization server must do, as straight code on maps: every mandatory check and nothing else. A limit, not a
// product: no events, no policies, no pages, no rotation of keys, nothing that a second process could share.
import { createHash, generateKeyPairSync, randomFillSync, sign, timingSafeEqual, verify } from 'node:crypto'
import { Buffer } from 'node:buffer'
import * as shape from './shape.mjs'
import { readSimple, writeSimple } from './plain-http.mjs'
import { toRequest } from './web.mjs'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })).toString('base64url')
const pool = Buffer.alloc(16_384)
let used = pool.length

/** 256 random bits in base64url, out of a pool. */
function secret(bytes = 32) {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('base64url', used - bytes, used)
}

const hash = (text) => createHash('sha256').update(text).digest('base64url')

function equal(one, other) {
  const left = Buffer.from(one)
  const right = Buffer.from(other)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** R and S from DER, which Node 24 makes in half the time of the other encoding. */
export function fromDer(der) {
  const signature = Buffer.alloc(64)
  let at = 2
  for (const end of [32, 64]) {
    const length = der[at + 1]
    const start = at + 2 + Math.max(0, length - 32)
    der.copy(signature, end - Math.min(length, 32), start, at + 2 + length)
    at += 2 + length
  }
  return signature
}

function signJwt(claims) {
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${signed}.${fromDer(sign('sha256', Buffer.from(signed), privateKey)).toString('base64url')}`
}

const json = { 'content-type': 'application/json', 'cache-control': 'no-store' }
const answer = (body, status = 200) => ({ status, headers: json, body: JSON.stringify(body) })
const refuse = (error, status = 400) => answer({ error }, status)

/** Opens the floor. `web` puts it behind `Request` and `Response`. */
export function open({ format = 'jwt', redirectUris = 1, web = false } = {}) {
  const clients = new Map([
    [shape.publicClient, { redirects: new Set(shape.redirectUris(redirectUris)), public: true }],
    [
      shape.service.id,
      { redirects: new Set(), secret: hash(shape.service.secret), scopes: new Set([shape.scope]) },
    ],
  ])
  const sessions = new Map([[hash('browser'), { subject: shape.user, authenticatedAt: Date.now() }]])
  const consents = new Map([[`${shape.user} ${shape.publicClient} ${shape.resource}`, shape.scope]])
  const codes = new Map()
  const grants = new Map()
  const accessTokens = new Map()
  const devices = new Map()
  const scopes = new Set([shape.scope])
  const resources = new Set([shape.resource, shape.otherResource])

  function authorize(query, headers) {
    const parameters = new URLSearchParams(query)
    const client = clients.get(parameters.get('client_id'))
    const redirect = parameters.get('redirect_uri')
    if (client === undefined || !client.redirects.has(redirect)) return refuse('invalid_request')
    const scope = parameters.get('scope')
    const resource = parameters.get('resource')
    const challenge = parameters.get('code_challenge')
    const fail = (error) => toClient(redirect, `error=${error}`, parameters.get('state'))
    if (parameters.get('response_type') !== 'code') return fail('unsupported_response_type')
    if (parameters.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge))
      return fail('invalid_request')
    if (!scopes.has(scope)) return fail('invalid_scope')
    if (!resources.has(resource)) return fail('invalid_target')
    const cookie = /(?:^|; ?)session=([\w-]+)/.exec(headers.cookie ?? '')?.[1]
    const session = cookie && sessions.get(hash(cookie))
    if (!session) return fail('login_required')
    const clientId = parameters.get('client_id')
    if (consents.get(`${session.subject} ${clientId} ${resource}`) !== scope) return fail('consent_required')
    const code = secret()
    const record = { clientId, redirect, challenge, scope, resource, subject: session.subject }
    codes.set(hash(code), { ...record, expiresAt: Date.now() + shape.codeLifetime * 1000, used: false })
    return toClient(redirect, `code=${code}`, parameters.get('state'))
  }

  function toClient(redirect, result, state) {
    const location = `${redirect}?${result}&state=${encodeURIComponent(state)}&iss=${encodeURIComponent(shape.origin)}`
    return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' }
  }

  /** The client of a request: a secret in Basic, or the id of a public client. */
  function authenticate(parameters, headers) {
    const basic = headers.authorization
    if (basic === undefined) {
      const client = clients.get(parameters.get('client_id'))
      return client?.public === true ? parameters.get('client_id') : undefined
    }
    const [id, given] = Buffer.from(basic.slice(6), 'base64').toString().split(':').map(decodeURIComponent)
    const known = clients.get(id)?.secret
    return known !== undefined && equal(hash(given), known) ? id : undefined
  }

  function token(body, headers) {
    const parameters = new URLSearchParams(body)
    const clientId = authenticate(parameters, headers)
    if (clientId === undefined) return refuse('invalid_client', 401)
    switch (parameters.get('grant_type')) {
      case 'authorization_code':
        return redeem(parameters, clientId)
      case 'refresh_token':
        return refresh(parameters, clientId)
      case 'client_credentials':
        return forClient(parameters, clientId)
      default:
        return exchange(parameters, clientId)
    }
  }

  function redeem(parameters, clientId) {
    const record = codes.get(hash(parameters.get('code') ?? ''))
    if (record === undefined || record.clientId !== clientId || record.expiresAt <= Date.now())
      return refuse('invalid_grant')
    if (parameters.get('redirect_uri') !== record.redirect) return refuse('invalid_grant')
    if (!equal(hash(parameters.get('code_verifier') ?? ''), record.challenge)) return refuse('invalid_grant')
    if (parameters.get('resource') !== record.resource) return refuse('invalid_target')
    if (record.used) {
      grants.delete(record.grantId)
      return refuse('invalid_grant')
    }
    record.used = true
    const refreshToken = secret()
    record.grantId = hash(refreshToken)
    return issue(record, refreshToken, secret(16))
  }

  function issue({ clientId, scope, resource, subject }, refreshToken, grantId) {
    const now = Date.now()
    const expiresAt = now + shape.refreshTokenLifetime * 1000
    if (refreshToken !== undefined)
      grants.set(hash(refreshToken), { grantId, clientId, scope, resource, subject, expiresAt })
    const access = accessToken({ clientId, scope, resource, subject }, now)
    return answer({
      access_token: access,
      token_type: 'Bearer',
      expires_in: shape.accessTokenLifetime,
      scope,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    })
  }

  function accessToken({ clientId, scope, resource, subject, act }, now) {
    const iat = Math.floor(now / 1000)
    const claims = {
      iss: shape.origin,
      sub: subject,
      aud: resource,
      client_id: clientId,
      scope,
      jti: secret(16),
      iat,
      exp: iat + shape.accessTokenLifetime,
      ...(act === undefined ? {} : { act }),
    }
    if (format === 'jwt') return signJwt(claims)
    const opaque = secret()
    accessTokens.set(hash(opaque), claims)
    return opaque
  }

  function refresh(parameters, clientId) {
    const id = hash(parameters.get('refresh_token') ?? '')
    const grant = grants.get(id)
    if (grant === undefined || grant.clientId !== clientId || grant.expiresAt <= Date.now())
      return refuse('invalid_grant')
    if (grant.replaced) {
      grants.delete(grant.replaced)
      return refuse('invalid_grant')
    }
    const refreshToken = secret()
    grant.replaced = hash(refreshToken)
    return issue(grant, refreshToken, grant.grantId)
  }

  function forClient(parameters, clientId) {
    const { scopes: own } = clients.get(clientId)
    const scope = parameters.get('scope')
    if (own === undefined || !own.has(scope)) return refuse('invalid_scope')
    if (!resources.has(parameters.get('resource'))) return refuse('invalid_target')
    return issue({ clientId, scope, resource: parameters.get('resource'), subject: clientId })
  }

  function exchange(parameters, clientId) {
    const claims = standing(parameters.get('subject_token'))
    if (claims === undefined || clients.get(clientId).scopes === undefined) return refuse('invalid_request')
    if (!resources.has(parameters.get('resource'))) return refuse('invalid_target')
    const { scope, sub } = claims
    const act = { sub: clientId }
    const access = accessToken(
      { clientId, scope, resource: parameters.get('resource'), subject: sub, act },
      Date.now(),
    )
    return answer({
      access_token: access,
      token_type: 'Bearer',
      expires_in: shape.accessTokenLifetime,
      scope,
    })
  }

  /** The claims of an access token whose signature and times are right. */
  function standing(text) {
    if (format === 'opaque') {
      const claims = accessTokens.get(hash(text ?? ''))
      return claims !== undefined && claims.exp * 1000 > Date.now() ? claims : undefined
    }
    const [head, body, signature] = (text ?? '').split('.')
    if (head !== header) return undefined
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' }
    if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
      return undefined
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
    return claims.exp * 1000 > Date.now() ? claims : undefined
  }

  function introspect(body, headers) {
    const parameters = new URLSearchParams(body)
    if (authenticate(parameters, headers) === undefined) return refuse('invalid_client', 401)
    const claims = standing(parameters.get('token'))
    return answer(claims === undefined ? { active: false } : { active: true, ...claims })
  }

  function revoke(body, headers) {
    const parameters = new URLSearchParams(body)
    const clientId = authenticate(parameters, headers)
    if (clientId === undefined) return refuse('invalid_client', 401)
    const id = hash(parameters.get('token') ?? '')
    if (grants.get(id)?.clientId === clientId) grants.delete(id)
    return answer({})
  }

  function startDevice(body) {
    const parameters = new URLSearchParams(body)
    const clientId = parameters.get('client_id')
    if (clients.get(clientId)?.public !== true) return refuse('invalid_client', 401)
    if (!scopes.has(parameters.get('scope'))) return refuse('invalid_scope')
    if (!resources.has(parameters.get('resource'))) return refuse('invalid_target')
    const deviceCode = secret()
    const userCode = secret(6).toUpperCase()
    devices.set(hash(deviceCode), { clientId, userCode, expiresAt: Date.now() + 600_000 })
    return answer({
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${shape.origin}/device`,
      expires_in: 600,
      interval: 5,
    })
  }

  function register(body) {
    const asked = JSON.parse(body)
    const uris = asked.redirect_uris
    if (!Array.isArray(uris) || uris.length === 0 || uris.some((uri) => !isFit(uri)))
      return refuse('invalid_redirect_uri')
    const id = secret(16)
    clients.set(id, { redirects: new Set(uris), public: true })
    return answer({ ...asked, client_id: id, client_id_issued_at: Math.floor(Date.now() / 1000) }, 201)
  }

  function isFit(uri) {
    const { protocol, hash: fragment, hostname } = new URL(uri)
    return fragment === '' && (protocol === 'https:' || ['127.0.0.1', '[::1]'].includes(hostname))
  }

  function handle({ method, path, headers, body }) {
    const at = path.indexOf('?')
    switch (at === -1 ? path : path.slice(0, at)) {
      case shape.paths.authorize:
        return method === 'GET' ? authorize(path.slice(at + 1), headers) : refuse('invalid_request', 405)
      case shape.paths.token:
        return token(body, headers)
      case shape.paths.introspect:
        return introspect(body, headers)
      case shape.paths.revoke:
        return revoke(body, headers)
      case shape.paths.device:
        return startDevice(body)
      case shape.paths.register:
        return register(body)
      default:
        return refuse('not_found', 404)
    }
  }

  const plain = (request) => {
    const { status, headers, body } = handle(request)
    return { status, body, location: headers.location }
  }
  return {
    call: web ? overWeb(handle) : plain,
    browser: { cookie: 'session=browser' },
    listener: async (incoming, outgoing) => writeSimple(outgoing, handle(await readSimple(incoming))),
  }
}

function overWeb(handle) {
  return async ({ method, path, headers, body }) => {
    const request = toRequest({ method, path, headers, body })
    const { pathname, search } = new URL(request.url)
    const found = {
      cookie: request.headers.get('cookie') ?? undefined,
      authorization: request.headers.get('authorization') ?? undefined,
    }
    const text = request.method === 'GET' ? '' : await request.text()
    const result = handle({ method: request.method, path: pathname + search, headers: found, body: text })
    const response = new Response(result.body, { status: result.status, headers: result.headers })
    return {
      status: response.status,
      location: response.headers.get('location') ?? undefined,
      body: await response.text(),
    }
  }
}
