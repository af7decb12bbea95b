import { canonicalResource, checkOriginUrl } from '@gatewright/core'
import type { Scopes } from '@gatewright/core'
import { checkChoice } from './check-choice.ts'
import { checkDuration } from './check-duration.ts'
import { accessTokenFormats } from './tokens/access-token.ts'
import type { AccessTokenFormat } from './tokens/access-token.ts'

/** A protected resource that access tokens may be minted for. */
export interface ResourceOptions {
  /** The resource identifier; for an MCP server its exact URL. @see [RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707.html#section-2) */
  readonly resource: string
  /** The scopes that mean something there. @default all */
  readonly scopes?: readonly string[]
  /** @default the server's */
  readonly accessTokenFormat?: AccessTokenFormat
  /** Seconds; the shorter of this and the client's counts. @default the server's */
  readonly accessTokenLifetime?: number
  /** What a request that names no scope asks for. @default the scopes of the resource */
  readonly defaultScopes?: readonly string[]
}

/** Checks the resources of a server. @throws {TypeError} when there is none, or one is malformed, unknown or there twice */
export function checkResources(
  resources: readonly ResourceOptions[],
  scopes: Scopes,
  defaultResource: string | undefined,
): void {
  if (resources.length === 0)
    throw new TypeError('resources is empty; name at least one resource that tokens are for')
  const seen = new Set<string>()
  for (const one of resources) {
    const { resource, scopes: names = [], defaultScopes = [], accessTokenFormat } = one
    checkOriginUrl(resource, 'resource')
    if (one.accessTokenLifetime !== undefined)
      checkDuration(`accessTokenLifetime of resource "${resource}"`, one.accessTokenLifetime)
    if (accessTokenFormat !== undefined)
      checkChoice(`accessTokenFormat of resource "${resource}"`, accessTokenFormat, accessTokenFormats)
    const canonical = canonicalResource(resource) ?? resource
    if (seen.has(canonical)) throw new TypeError(`resource "${resource}" is listed twice`)
    seen.add(canonical)
    for (const name of [...names, ...defaultScopes])
      if (!scopes.has(name))
        throw new TypeError(`resource "${resource}" names the scope "${name}", which is not defined`)
  }
  if (defaultResource !== undefined && !resources.some(({ resource }) => resource === defaultResource))
    throw new TypeError(`defaultResource "${defaultResource}" is not one of the resources`)
}
