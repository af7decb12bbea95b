import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request as `node:http`, `node:https` or the compatibility API of `node:http2` hands it to a listener. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** The response that belongs to a {@link NodeRequest}. */
export type NodeResponse = ServerResponse | Http2ServerResponse
