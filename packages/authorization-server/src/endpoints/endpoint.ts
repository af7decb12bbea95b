import type { Departure, AuthorizationRequest, RequestContext } from '@gatewright/core'
import type { Arrival } from '../interaction/arrival.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import type { ResolvedOptions } from '../options.ts'
import type { PageRenderers } from '../pages/create-pages.ts'
import type { ServerContext } from '../server-context.ts'

/** An endpoint that can be left out or added. Pass it in the option `endpoints`; metadata follows. */
export interface Endpoint {
  /** Its name in the option `paths`, and what its metadata is derived from. */
  readonly name: string
  /** Where it is below the issuer, unless `paths` says otherwise. */
  readonly path: string
  /** What is below its path when it answers there and not at the path itself. */
  below?(options: ResolvedOptions): readonly string[]
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** Whether people's browsers are sent here: errors are then pages, and scripts of other origins have no business here. */
  readonly page: boolean
  /** Answers a request. An `OAuthError` that it throws becomes the response. */
  answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response>
  /** Goes on with a pending request whose purpose is the endpoint's name, when the browser comes back to it. */
  resume?(open: OpenRequest, arrival: Arrival, server: ServerContext): Promise<Response>
  /** Sends the browser of a pending request to a provider that will send it back to this endpoint. */
  leave?(
    departure: Departure,
    open: OpenRequest,
    described: AuthorizationRequest,
    arrival: Arrival,
    server: ServerContext,
  ): Promise<Response>
  /** The markup of pages that are shown because of it. */
  readonly pages?: Partial<PageRenderers>
  /** Endpoints that come with it. */
  readonly endpoints?: readonly Endpoint[]
  /** What the metadata document says about it. */
  metadata?(url: string, server: ServerContext): Readonly<Record<string, unknown>>
}
