import { decodeBase64url } from '@gatewright/core'
import type { ClientAuthenticationMethod, ClientCandidate } from './client-authentication-method.ts'
import { verifySecret } from './verify-secret.ts'

/**
 * The client's id and secret in an `Authorization: Basic` header.
 *
 * RFC 6749 §2.3.1 form-encodes both halves and many clients do not, so both readings are tried.
 *
 * @see [RFC 6749 §2.3.1 - Client Password](https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1)
 */
export function clientSecretBasic(): ClientAuthenticationMethod {
  return {
    name: 'client_secret_basic',
    detect(headers) {
      const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(headers.get('authorization') ?? '')?.[1]
      if (encoded === undefined) return undefined
      const raw = split(decodeBasic(encoded))
      if (raw === undefined) return undefined
      const decoded = { clientId: formDecode(raw.clientId), secret: formDecode(raw.secret) }
      const candidates: [ClientCandidate, ...ClientCandidate[]] = [raw]
      if (decoded.clientId !== undefined && decoded.secret !== undefined)
        candidates.unshift({ clientId: decoded.clientId, secret: decoded.secret })
      return { candidates }
    },
    async verify({ secret }, client, server) {
      // oidc-agent and git-credential-oauth send a public client's id with an empty secret.
      if (secret === '' && client.authenticationMethods[0] === 'none') return true
      return verifySecret(client, secret, server.now())
    },
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decodeBasic(encoded: string): string | undefined {
  if (encoded.length % 4 !== 0) return undefined
  const bytes = decodeBase64url(
    encoded
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  )
  try {
    return bytes && decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function split(pair: string | undefined): { clientId: string; secret: string } | undefined {
  const colon = pair?.indexOf(':') ?? -1
  // Only the first colon separates: a secret may contain more.
  return pair === undefined || colon < 1
    ? undefined
    : { clientId: pair.slice(0, colon), secret: pair.slice(colon + 1) }
}

function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
