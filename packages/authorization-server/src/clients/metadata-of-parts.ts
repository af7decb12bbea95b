import type { ResolvedOptions } from '../options.ts'

/** What of a server decides which client metadata mean something there. */
export type MetadataParts = Pick<
  ResolvedOptions,
  'dpop' | 'mutualTls' | 'requestSources' | 'backChannelLogout' | 'endpoints'
>

interface Need {
  readonly has: (server: MetadataParts) => boolean
  /** What the operator would put in. */
  readonly part: string
}

const source = (name: string, part: string): Need => ({
  has: ({ requestSources }) => requestSources.some((one) => one.name === name),
  part: `${part} in the option requestSources`,
})
const endpoint = (name: string, part: string): Need => ({
  has: ({ endpoints }) => endpoints.some((one) => one.name === name),
  part: `${part} in the option endpoints`,
})

/** Needs by the name of what a client says. */
type Needs = ReadonlyMap<string, Need>

/** What holds a client, and whoever poses as it, to something. Left out, it would make the client less safe than it believes. */
const demands: Needs = needsOf({
  dpop_bound_access_tokens: {
    has: ({ dpop }) => dpop !== undefined,
    part: 'the option dpop: remove dpop: false, or pass createDpopVerifier()',
  },
  tls_client_certificate_bound_access_tokens: {
    has: ({ mutualTls }) => mutualTls !== false,
    part: 'the option mutualTls: true',
  },
  require_pushed_authorization_requests: source('pushed_authorization_request', 'pushedRequests()'),
  require_signed_request_object: source('request_object', 'requestObjects()'),
})

/** What says how a part is to serve the client. Without the part, there is nothing to serve. */
const wishes: Needs = needsOf({
  request_object_signing_alg: source('request_object', 'requestObjects()'),
  backchannel_logout_uri: {
    has: ({ backChannelLogout }) => backChannelLogout !== undefined,
    part: 'the option backChannelLogout',
  },
  post_logout_redirect_uris: endpoint('end_session', 'endSession()'),
  userinfo_signed_response_alg: endpoint('userinfo', 'userinfo()'),
  introspection_signed_response_alg: endpoint('introspection', 'introspection()'),
})

const all: Needs = new Map([...demands, ...wishes])

/** The first demand of a client that the server has no part for, with that part; or nothing. */
export function unheldDemand(client: object, server: MetadataParts): string | undefined {
  return unkept(demands, client, server)
}

/** The same of everything that a client says: the operator can put the part in, or take the word out. */
export function uselessMetadata(client: object, server: MetadataParts): string | undefined {
  return unkept(all, client, server)
}

/** The names of what is left out of registrations, because nothing would come of it. */
export function droppedMetadata(server: MetadataParts): readonly string[] {
  return [...wishes].filter(([, need]) => !need.has(server)).map(([name]) => name)
}

function needsOf(needs: Readonly<Record<string, Need>>): Needs {
  return new Map(Object.entries(needs))
}

function unkept(needs: Needs, client: object, server: MetadataParts): string | undefined {
  for (const [name, need] of needs)
    if (isSaid((client as Record<string, unknown>)[name]) && !need.has(server))
      return `${name} needs ${need.part} of the server`
  return undefined
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}
