import { jsonResponse, type RequestHandler } from '@gatewright/core'
import { createResourceServer, type AccessToken } from '@gatewright/resource-server'
import type { Addresses } from '../addresses.ts'
import { scopes } from '../scopes.ts'

const people = [
  { id: 'p1', name: 'Pat', team: 'ledger' },
  { id: 'p2', name: 'Kim', team: 'support' },
]

/** A REST API that knows nothing of MCP: it accepts tokens for itself, and sees who is behind them. */
export function createDirectory(
  { issuer, directory }: Addresses,
  seen: (token: AccessToken, request: Request) => void,
): RequestHandler {
  const resourceServer = createResourceServer({ issuer, resource: directory, scopes })
  const gate = resourceServer.requireScopes('directory:listUsers')
  const { pathname: prefix } = new URL(directory)
  return {
    origin: resourceServer.origin,
    async handle(request, context) {
      const { pathname, searchParams } = new URL(request.url)
      if (!pathname.startsWith(`${prefix}/users`)) return resourceServer.handle(request, context)
      const token = await gate(request, context)
      if (token instanceof Response) return token
      seen(token, request)
      const team = searchParams.get('team')
      if (pathname === `${prefix}/users`)
        return jsonResponse({ users: people.filter((person) => team === null || person.team === team) })
      const person = people.find(({ id }) => pathname === `${prefix}/users/${id}`)
      return person === undefined ? jsonResponse({ message: 'no such person' }, 404) : jsonResponse(person)
    },
  }
}
