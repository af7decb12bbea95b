import { account } from './endpoints/account.ts'
import { authorize } from './endpoints/authorize.ts'
import { jwks, metadataDocument } from './endpoints/documents.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { interaction } from './endpoints/interaction.ts'
import { register } from './endpoints/register.ts'
import { token } from './endpoints/token.ts'
import type { ResolvedOptions } from './options.ts'
import type { Urls } from './urls.ts'

/** What is at a path. */
export type Route = Pick<Endpoint, 'methods' | 'page' | 'answer'>

/** Every path that the server answers. */
export function createRoutes(urls: Urls, options: ResolvedOptions): ReadonlyMap<string, Route> {
  const document: Route = { methods: ['GET'], page: false, answer: metadataDocument }
  const form = (answer: Route['answer']): Route => ({ methods: ['POST'], page: false, answer })
  const page = (answer: Route['answer']): Route => ({ methods: ['GET', 'POST'], page: true, answer })
  const { basePath } = urls
  const routes = new Map<string, Route>([
    // RFC 8414 §3.1 inserts the well-known part before the issuer's path, OpenID Connect Discovery appends it; MCP clients try all three.
    [`/.well-known/oauth-authorization-server${basePath}`, document],
    [`/.well-known/openid-configuration${basePath}`, document],
    [`${basePath}/.well-known/openid-configuration`, document],
    [urls.path('authorization'), page(authorize)],
    [urls.path('interaction'), page(interaction)],
    [urls.path('account'), page(account)],
    [urls.path('token'), form(token)],
    ...options.endpoints.map((endpoint): [string, Route] => [urls.path(endpoint.name), endpoint]),
    [urls.path('jwks'), { methods: ['GET'], page: false, answer: jwks }],
  ])
  if (options.clients.some((source) => source.register !== undefined))
    routes.set(urls.path('registration'), form(register))
  return routes
}
