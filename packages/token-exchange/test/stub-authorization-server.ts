import type { Runtime } from '@gatewright/core'
import { SignJWT, type JWTPayload } from 'jose'

export const issuer = 'https://auth.example.com'
const secret = new TextEncoder().encode('a secret of the test, long enough for HS256')

export function jwt(claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)
}

/** An authorization server of which a test decides every answer, on a clock of the test. */
export function stubAuthorizationServer(
  answer: (parameters: URLSearchParams, count: number) => object | Response | Promise<object | Response>,
) {
  const requests: { url: string; headers: Headers; parameters: URLSearchParams }[] = []
  let now = 1_800_000_000_000
  let exchanges = 0
  const metadata = { issuer, token_endpoint: `${issuer}/token` } as Record<string, unknown>
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const parameters = new URLSearchParams(request.method === 'POST' ? await request.text() : '')
    requests.push({ url: request.url, headers: request.headers, parameters })
    if (request.url.includes('/.well-known/')) return Response.json(metadata)
    const result = await answer(parameters, ++exchanges)
    return result instanceof Response ? result : Response.json(result)
  }
  const runtime: Runtime = { now: () => now, randomBytes: (size) => new Uint8Array(size), fetch }
  return {
    runtime,
    requests,
    metadata,
    exchanges: () => requests.filter(({ url }) => url.endsWith('/token')),
    pass: (seconds: number) => (now += seconds * 1000),
    now: () => now,
  }
}

/** The answer of a server that does what it is asked for. */
export async function delegated(parameters: URLSearchParams, changes: object = {}, claims: JWTPayload = {}) {
  const [subject = ''] = String(parameters.get('subject_token')).split(':')
  return {
    access_token: await jwt({
      sub: subject,
      aud: parameters.get('resource') ?? parameters.get('audience') ?? '',
      act: { sub: 'ai-identity-gateway' },
      jti: crypto.randomUUID(),
      ...claims,
    }),
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: 5,
    scope: parameters.get('scope'),
    ...changes,
  }
}
