import { createHash, randomBytes } from 'node:crypto'
import { UsageError } from '../usage-error.ts'

/** A client to be registered by the integrator. */
export interface NewClient {
  readonly clientId: string
  readonly name?: string | undefined
  readonly redirectUris: readonly string[]
  readonly grantTypes: readonly string[]
  readonly scopes: readonly string[]
  readonly confidential: boolean
}

/**
 * The entry of a client for `registered(…)`, and the secret whose hash is in it.
 *
 * What a server allows its clients, that server checks when it starts.
 *
 * @throws {UsageError} when the client could do nothing
 */
export function clientEntry(client: NewClient): { entry: string; secret: string | undefined } {
  const { clientId, name, redirectUris, grantTypes, scopes, confidential } = client
  const wrong = redirectUris.find((uri) => !/^[a-z][a-z\d+.-]*:/i.test(uri))
  if (wrong !== undefined)
    throw new UsageError(`--redirect-uri "${wrong}" is no URI, such as https://app.example.com/callback`)
  if (redirectUris.length === 0 && grantTypes.length === 0)
    throw new UsageError(
      'say what it is for: --redirect-uri for one that signs users in, --grant client_credentials --secret for one that acts for itself',
    )
  if (grantTypes.includes('client_credentials') && !confidential)
    throw new UsageError('a client that acts for itself must prove who it is: add --secret')
  const secret = confidential ? randomBytes(32).toString('base64url') : undefined
  const members: [string, unknown][] = [
    ['client_id', clientId],
    ['client_name', name],
    // A secret of 256 random bits needs no slow hash.
    ['client_secret_hash', secret && createHash('sha256').update(secret).digest('base64url')],
    ['redirect_uris', redirectUris],
    ['grant_types', grantTypes],
    ['scopes', scopes],
  ]
  const lines = members
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `  ${key}: ${literal(value)},`)
  return { entry: ['{', ...lines, '},'].join('\n'), secret }
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  const inner = JSON.stringify(value)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)
  return `'${inner}'`
}
