import { NotApplicable } from '../check.ts'
import type { KnownClient, Target } from '../target/target.ts'
import { tell } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Discovery } from './discovery.ts'
import type { Send } from './requester.ts'

/** How a client proves who it is. */
export type ClientMethod = 'none' | 'client_secret_basic' | 'client_secret_post'

/** A client that checks act as. */
export interface TestClient {
  readonly client_id: string
  readonly client_secret?: string
  readonly method: ClientMethod
  readonly redirect_uris: readonly [string, ...string[]]
}

/** A client as the target was described to have it. @throws {NotApplicable} when it was not */
export function givenClient(client: KnownClient | undefined, what: string): TestClient {
  if (client === undefined) throw new NotApplicable(`no client was named that ${what}`)
  return { ...client, method: client.client_secret === undefined ? 'none' : 'client_secret_basic' }
}

/**
 * Which client a check needs: a native public one, another such, one with a secret, one of the web, one with two redirect URIs.
 */
export type ClientKind = 'public' | 'other' | 'confidential' | 'web' | 'several'

/** Clients of a run, and registration as such. */
export interface Clients {
  /** @throws {NotApplicable} when there is none of the kind and none can be registered */
  client(kind: ClientKind): Promise<TestClient>
  /** Sends a registration; a client that comes of it is removed at the end. */
  register(metadata: object): Promise<Answer>
  /** What was registered so far. */
  readonly registered: readonly Registered[]
}

/** A client that a run has made. */
export interface Registered {
  readonly clientId: string
  /** Where it can be removed. */
  readonly management: { readonly uri: string; readonly token: string } | undefined
}

const native = { application_type: 'native', token_endpoint_auth_method: 'none' }
const kinds: Readonly<Record<ClientKind, object>> = {
  public: { ...native, redirect_uris: ['http://127.0.0.1:33418/callback'] },
  other: { ...native, redirect_uris: ['http://127.0.0.1:33419/callback'] },
  confidential: { redirect_uris: ['https://client.example/callback'] },
  web: { token_endpoint_auth_method: 'none', redirect_uris: ['https://client.example/callback'] },
  several: {
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://client.example/callback', 'https://client.example/callback2'],
  },
}

const suits: Readonly<Record<ClientKind, (client: KnownClient, index: number) => boolean>> = {
  public: ({ client_secret: secret }) => secret === undefined,
  other: ({ client_secret: secret }, index) => secret === undefined && index > 0,
  confidential: ({ client_secret: secret }) => secret !== undefined,
  web: ({ client_secret: secret, redirect_uris: [uri] }) => secret === undefined && uri.startsWith('https:'),
  several: ({ redirect_uris: uris }) => uris.length > 1,
}

/** What every client says that a check registers. */
export const commonMetadata = {
  client_name: 'Gatewright testkit',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
}

/** Makes the clients of a run, each when it is first needed. */
export function createClients(target: Target, discovery: Discovery, send: Send): Clients {
  const registered: Registered[] = []
  const made = new Map<ClientKind, Promise<TestClient>>()

  const register: Clients['register'] = async (metadata) => {
    const { initialAccessToken: token } = target
    const answer = await send(await discovery.endpoint('registration_endpoint'), {
      json: metadata,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    })
    const {
      client_id: clientId,
      registration_client_uri: uri,
      registration_access_token: access,
    } = answer.json
    if (answer.status < 300 && typeof clientId === 'string') {
      const managed = typeof uri === 'string' && typeof access === 'string'
      // A server may give the same registration the same id.
      if (registered.every((client) => client.clientId !== clientId))
        registered.push({ clientId, management: managed ? { uri, token: access } : undefined })
    }
    return answer
  }

  async function make(kind: ClientKind): Promise<TestClient> {
    const supported = await discovery.listed('token_endpoint_auth_methods_supported')
    const basic = supported.length === 0 || supported.includes('client_secret_basic')
    const secretMethod = basic ? 'client_secret_basic' : 'client_secret_post'
    const known = (target.clients ?? []).filter(
      ({ client_secret: secret }) => kind === 'confidential' || secret === undefined,
    )
    const given = known.find(suits[kind])
    if (given !== undefined)
      return { ...given, method: given.client_secret === undefined ? 'none' : secretMethod }
    const { registration_endpoint: endpoint } = await discovery.metadata()
    if (endpoint === undefined)
      throw new NotApplicable(`a ${kind} client is needed, and clients cannot register themselves`)
    const metadata = { ...commonMetadata, token_endpoint_auth_method: secretMethod, ...kinds[kind] }
    const answer = await register(metadata)
    const { client_id: id, client_secret: secret, token_endpoint_auth_method: method } = answer.json
    if (answer.status >= 300 || typeof id !== 'string')
      throw new NotApplicable(`a ${kind} client was not registered: ${tell(answer)}`)
    const { redirect_uris: redirectUris } = metadata as unknown as Pick<TestClient, 'redirect_uris'>
    if (typeof secret !== 'string') return { client_id: id, method: 'none', redirect_uris: redirectUris }
    return {
      client_id: id,
      client_secret: secret,
      method: method === 'client_secret_post' ? method : secretMethod,
      redirect_uris: redirectUris,
    }
  }

  return {
    registered,
    register,
    client(kind) {
      const client = made.get(kind) ?? make(kind)
      made.set(kind, client)
      return client
    },
  }
}
