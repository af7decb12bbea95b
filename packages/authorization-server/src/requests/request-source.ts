import type { RequestContext } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { ServerContext } from '../server-context.ts'
import { PageError } from './page-error.ts'
import type { RequestParameters } from './request-parameters.ts'

/** The request that a reference stands for. */
export interface ResolvedRequest {
  /** All its parameters: nothing beside the reference is merged in. */
  readonly parameters: RequestParameters
  /** Names of the sources that it came through. */
  readonly sources: readonly string[]
  /** Thumbprint of the key of the client's instance that it is from, where that was proven. */
  readonly instance?: string | undefined
  /** Takes the request away, exactly once; absent for one that may be presented again. Called when all checks have passed. */
  readonly consume?: () => Promise<boolean>
}

/** One way to send an authorization request otherwise than in the query. Pass it in the option `requestSources`; metadata follows. */
export interface RequestSource {
  readonly name: string
  /** Endpoints that come with it. */
  readonly endpoints?: readonly Endpoint[]
  /**
   * The request that the parameters refer to, or `undefined` when they refer to none of this source.
   *
   * What it throws is shown on a page, or told to a client that pushes: nothing of such a request may be redirected to.
   */
  resolve(
    parameters: RequestParameters,
    context: RequestContext,
    server: ServerContext,
  ): Promise<ResolvedRequest | undefined>
  /** The JWS algorithms that its requests may be signed with, where they are signed. */
  readonly signingAlgorithms?: readonly string[]
  /** Whether requests of the client must come through this source. */
  requires?(client: Client): boolean
  /** What the metadata document says about it. */
  metadata?(server: ServerContext): Readonly<Record<string, unknown>>
}

/**
 * The request itself, or the one that it refers to.
 *
 * @throws {PageError} when it refers to two
 */
export async function resolveRequest(
  parameters: RequestParameters,
  context: RequestContext,
  server: ServerContext,
): Promise<ResolvedRequest> {
  // RFC 9101 §5: with both, what is shown here and what another part of the client's system signed could be two requests.
  if (parameters.get('request') !== undefined && parameters.get('request_uri') !== undefined)
    throw new PageError('invalid_link', 'invalid_request', 'request and request_uri exclude each other')
  for (const source of server.options.requestSources) {
    const resolved = await source.resolve(parameters, context, server)
    if (resolved !== undefined) return resolved
  }
  return { parameters, sources: [] }
}
