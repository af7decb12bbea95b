import { NotApplicable } from '../check.ts'
import type { Target } from '../target/target.ts'
import { tell } from './answer.ts'
import type { Answer } from './answer.ts'
import { bearerParameters } from './challenge.ts'
import { once } from './once.ts'
import type { Send } from './requester.ts'

/** A metadata document. */
export type Metadata = Readonly<Record<string, unknown>>

/** What is known about the target before anybody signs in. Each throws {@link NotApplicable} where there is no such thing. */
export interface Discovery {
  /** The protected resource. */
  resource(): URL
  /** What a call without a token is answered. */
  challenged(): Promise<Answer>
  /** Where the metadata of the resource lies by the rule of its specification. */
  resourceMetadataUrl(): URL
  resourceMetadata(): Promise<Metadata>
  issuer(): Promise<string>
  /** Metadata of the authorization server. */
  metadata(): Promise<Metadata>
  /** A list in that metadata; empty when it is not there. */
  listed(name: string): Promise<readonly string[]>
  endpoint(name: `${string}_endpoint`): Promise<URL>
  /** The scope to ask for when a check needs no special one. */
  scope(): Promise<string | undefined>
}

/** The first message of a client that shakes hands. */
export const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'gatewright-testkit', version: '1.0.0' },
  },
}

/** What a client of MCP accepts. */
export const mcpHeaders = { accept: 'application/json, text/event-stream' }

/** Finds the parts of a target as clients do. */
export function createDiscovery(target: Target, send: Send): Discovery {
  const resource: Discovery['resource'] = () => {
    if (target.resource === undefined) throw new NotApplicable('no protected resource was named')
    return new URL(target.resource)
  }
  const challenged = once(() => send(resource(), { headers: mcpHeaders, json: initialize }))
  const resourceMetadataUrl: Discovery['resourceMetadataUrl'] = () => {
    const { pathname, origin } = resource()
    return new URL(`/.well-known/oauth-protected-resource${pathname.replace(/\/$/, '')}`, origin)
  }
  const resourceMetadata = once(async () => {
    const named = bearerParameters((await challenged()).headers)?.get('resource_metadata') ?? ''
    const places = [...(URL.canParse(named) ? [named] : []), resourceMetadataUrl()]
    for (const place of places) {
      const answer = await send(place)
      if (answer.status === 200 && answer.json['resource'] !== undefined) return answer.json
    }
    throw new NotApplicable('the resource publishes no metadata')
  })
  const issuer = once(async () => {
    if (target.issuer !== undefined) return target.issuer
    const { authorization_servers: servers } = await resourceMetadata()
    const [first] = Array.isArray(servers) ? (servers as unknown[]) : []
    if (typeof first === 'string' && URL.canParse(first)) return first
    throw new NotApplicable('the resource names no authorization server')
  })
  const metadata = once(async () => {
    const tried: string[] = []
    for (const url of metadataUrls(await issuer())) {
      const answer = await send(url)
      if (answer.status === 200 && typeof answer.json['issuer'] === 'string') return answer.json
      tried.push(tell(answer))
    }
    throw new NotApplicable(`the authorization server publishes no metadata: ${tried.join('; ')}`)
  })
  const listed: Discovery['listed'] = async (name) => {
    const value = (await metadata())[name]
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  }
  return {
    resource,
    challenged,
    resourceMetadataUrl,
    resourceMetadata,
    issuer,
    metadata,
    listed,
    async endpoint(name) {
      const value = (await metadata())[name]
      if (typeof value !== 'string' || !URL.canParse(value))
        throw new NotApplicable(`the metadata names no ${name}`)
      return new URL(value)
    },
    scope: once(async () => {
      if (target.scope !== undefined) return target.scope
      if (target.resource === undefined) return undefined
      const named = bearerParameters((await challenged()).headers)?.get('scope')
      if (named !== undefined) return named
      const { scopes_supported: scopes } = await resourceMetadata().catch((): Metadata => ({}))
      return Array.isArray(scopes) ? scopes.join(' ') : undefined
    }),
  }
}

/**
 * Where the metadata of an issuer may lie, in the order in which clients of MCP look.
 *
 * @see [RFC 8414 §3.1 - Authorization Server Metadata Request](https://www.rfc-editor.org/rfc/rfc8414.html#section-3.1)
 */
export function metadataUrls(issuer: string): [URL, URL, URL] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    new URL(`/.well-known/oauth-authorization-server${path}`, origin),
    new URL(`/.well-known/openid-configuration${path}`, origin),
    new URL(`${path}/.well-known/openid-configuration`, origin),
  ]
}
