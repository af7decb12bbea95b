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

/**
 * Every path that the server answers.
 *
 * @throws {TypeError} when two endpoints have one path
 */
export function createRoutes(urls: Urls, options: ResolvedOptions): ReadonlyMap<string, Route> {
  const document: Route = { methods: ['GET'], page: false, answer: metadataDocument }
  const form = (answer: Route['answer']): Route => ({ methods: ['POST'], page: false, answer })
  const page = (answer: Route['answer']): Route => ({ methods: ['GET', 'POST'], page: true, answer })
  const { basePath } = urls
  const routes = new Map<string, Route>()
  const add = (path: string, route: Route): void => {
    // The first of two endpoints at one path would silently never be reached.
    if (routes.has(path) && routes.get(path) !== route)
      throw new TypeError(`two endpoints are at the path "${path}"; change one in paths`)
    routes.set(path, route)
  }
  // RFC 8414 §3.1 inserts the well-known part before the issuer's path, OpenID Connect Discovery appends it; MCP clients try all three.
  add(`/.well-known/oauth-authorization-server${basePath}`, document)
  add(`/.well-known/openid-configuration${basePath}`, document)
  add(`${basePath}/.well-known/openid-configuration`, document)
  add(urls.path('authorization'), page(authorize))
  add(urls.path('interaction'), page(interaction))
  add(urls.path('token'), form(token))
  add(urls.path('jwks'), { methods: ['GET'], page: false, answer: jwks })
  for (const endpoint of options.endpoints) {
    const path = urls.path(endpoint.name)
    const paths = endpoint.below?.(options).map((name) => `${path}/${name}`) ?? [path]
    for (const each of paths) add(each, endpoint)
  }
  const registering = options.clients.find((source) => source.register !== undefined)
  const managing: Route = { methods: ['GET', 'POST', 'PUT', 'DELETE'], page: false, answer: register }
  if (registering !== undefined)
    add(urls.path('registration'), registering.manage === undefined ? form(register) : managing)
  return routes
}
