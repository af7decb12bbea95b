import type { RequestContext } from '@gatewright/core'
import type { Arrival } from '../interaction/arrival.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import type { ServerContext } from '../server-context.ts'

/** An endpoint that can be left out or added. Pass it in the option `endpoints`; metadata follows. */
export interface Endpoint {
  /** Its name in the option `paths`, and what its metadata is derived from. */
  readonly name: string
  /** Where it is below the issuer, unless `paths` says otherwise. */
  readonly path: string
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** Whether people's browsers are sent here: errors are then pages, and scripts of other origins have no business here. */
  readonly page: boolean
  /** Answers a request. An `OAuthError` that it throws becomes the response. */
  answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response>
  /** Goes on with a pending request whose purpose is the endpoint's name, when the browser comes back to it. */
  resume?(open: OpenRequest, arrival: Arrival, server: ServerContext): Promise<Response>
  /** What the metadata document says about it. */
  metadata?(url: string, server: ServerContext): Readonly<Record<string, unknown>>
}
