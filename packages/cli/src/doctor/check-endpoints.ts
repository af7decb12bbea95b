import { isSafeUrl } from '../server-url.ts'
import { failure, ok } from './finding.ts'
import type { Finding } from './finding.ts'
import { outcome } from './probe.ts'
import type { Answer, Probe } from './probe.ts'

/**
 * Asks the endpoints that every sign-in needs for nothing, and looks whether they are there: a server under a prefix often
 * announces what is not routed.
 *
 * @see [RFC 6749 §5.2 - Error Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2)
 */
export async function checkEndpoints(
  metadata: Readonly<Record<string, unknown>>,
  probe: Probe,
): Promise<Finding[]> {
  const address = (name: string) => {
    const value = metadata[name]
    return typeof value === 'string' && URL.canParse(value) && isSafeUrl(new URL(value)) ? value : undefined
  }
  const [authorize, token] = [address('authorization_endpoint'), address('token_endpoint')]
  const found = await Promise.all([
    authorize === undefined ? undefined : page(authorize, probe),
    token === undefined ? undefined : tokens(token, probe),
  ])
  return found.filter((finding) => finding !== undefined)
}

async function page(address: string, probe: Probe): Promise<Finding> {
  const answer = await probe(address, { headers: { accept: 'text/html' } })
  const id = 'authorization_endpoint'
  if (isThere(answer)) return ok(id, 'there is a page to sign in at')
  return failure(
    id,
    `${address} ${outcome(answer)}`,
    'Route the authorization endpoint to where the metadata say that it is: users are sent there.',
  )
}

async function tokens(address: string, probe: Probe): Promise<Finding> {
  const answer = await probe(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: 'grant_type=authorization_code',
  })
  const id = 'token_endpoint'
  const { status, json } = answer
  if (!isThere(answer))
    return failure(
      id,
      `${address} ${outcome(answer)}`,
      'Route the token endpoint to where the metadata say that it is, and let it pass without a token or a session.',
    )
  if (status >= 400 && typeof json?.['error'] === 'string')
    return ok(id, 'the token endpoint answers in JSON')
  return failure(
    id,
    `a token request that must fail is answered ${status}${json === undefined ? ', and not in JSON' : ''}`,
    'Answer 400 with `{"error": "…"}`: clients read from it whether to sign in anew.',
  )
}

function isThere({ status }: Answer): boolean {
  return status > 0 && status < 500 && ![404, 405, 410].includes(status)
}
