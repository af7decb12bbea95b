import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  password,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import type { AuthorizationServer } from '@gatewright/authorization-server'
import { defineScopes } from '@gatewright/core'
import { createMemoryStorage } from '@gatewright/storage'
import { signInAtTarget } from './person.ts'
import { startServer } from './serve.ts'
import { toNodeListener } from '@gatewright/node'
import type { AdministeredServer } from '../../src/administration/administered-server.ts'

/** A server with users, clients and grants, and the configuration file that leads to it. */
export interface Administered {
  readonly server: AuthorizationServer
  readonly config: string
  /** Lets alice approve a client; gives the id of her grant. */
  approve(clientId: string): Promise<string>
  /** Whether the client can prove who it is by a secret. */
  knows(clientId: string, secret: string): Promise<boolean>
  /** How often the configuration was closed. */
  readonly closed: () => number
  close(): Promise<void>
}

const callback = 'http://127.0.0.1:1/callback'

/** Starts one, whose clients are changed at run time. */
export async function startAdministered(): Promise<Administered> {
  const reserved = await startServer((request, response) => listener(request, response))
  const issuer = reserved.origin
  const server = createAuthorizationServer({
    issuer,
    storage: createMemoryStorage(),
    keys: signingKeys({ seal: 'a seal for tests of more than 32 characters' }),
    scopes: defineScopes({ read: 'Read' }),
    resources: [{ resource: `${issuer}/mcp` }],
    administerRegistered: true,
    clients: [
      registered(
        { client_id: 'editor', client_name: 'Ed\u001B[2Jitor', redirect_uris: [callback] },
        { client_id: 'reports', client_secret: 'reports-secret', redirect_uris: [callback] },
      ),
      dynamicRegistration({ mode: 'open' }),
    ],
    interaction: loginWith(password(async (name, secret) => (secret === `${name}-pw` ? name : undefined))),
    findUser: async () => ({}),
  })
  const listener = toNodeListener(server)
  // What the commands take is what the factory returns.
  const administered: AdministeredServer = server
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-cli-admin-'))
  const shared = { server: administered, closed: 0 }
  const name = `gatewright-cli-${folder}`
  Object.assign(globalThis, { [name]: shared })
  const config = join(folder, 'gatewright.config.mjs')
  writeFileSync(
    config,
    `const shared = globalThis[${JSON.stringify(name)}]\nexport const { server } = shared\nexport const close = () => void shared.closed++\n`,
  )
  return {
    server,
    config,
    closed: () => shared.closed,
    async approve(clientId) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: callback,
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
        scope: 'read',
        resource: `${issuer}/mcp`,
        state: 's',
      })
      // Nothing listens at the callback: what counts is the grant.
      await signInAtTarget(new URL(`${issuer}/authorize?${query}`)).catch(() => {})
      const [grant] = await server.grants.list({ subject: 'alice', clientId })
      return grant?.grantId ?? ''
    },
    async knows(clientId, secret) {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: callback }),
      })
      return ((await response.json()) as { error: string }).error !== 'invalid_client'
    },
    async close() {
      await reserved.close()
      rmSync(folder, { recursive: true, force: true })
      Reflect.deleteProperty(globalThis, name)
    },
  }
}
