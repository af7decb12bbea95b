import type { InteractionClient } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { interactionUrl } from '../interaction/interaction-url.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import type { PendingAnswer } from '../polling/settle-polled.ts'
import type { ServerContext } from '../server-context.ts'

/** Name of the endpoint, and the purpose of its pending requests. */
export const backchannelPurpose = 'backchannel_authentication'

/** A request that waits for its user, as the link to it is stored. */
export interface PendingBackchannel extends PendingAnswer {
  readonly purpose: typeof backchannelPurpose
  readonly subject: string
  /** What a client that wants to be pinged is sent. */
  readonly ping?: { readonly authReqId: string; readonly token: string } | undefined
}

/** A request that waits for its user, as whoever asks the user sees it. */
export interface BackchannelRequest {
  /**
   * Names the request to `server.authenticationRequests`. Together with a login of the user it is all that an answer takes, so
   * it belongs on the user's device and nowhere else.
   */
  readonly id: string
  /** The page on which the user answers; it carries the id. */
  readonly url: string
  readonly subject: string
  readonly client: InteractionClient
  /** What the client says about this request; the user sees the same text where it was started. Text, never markup. */
  readonly bindingMessage?: string | undefined
  /** With their texts for people. */
  readonly scopes: readonly { readonly name: string; readonly description: string }[]
  readonly resources: readonly string[]
  /** The strengths of login that the client would like, best first. Nothing enforces them. */
  readonly acrValues?: readonly string[] | undefined
  /** When it lapses, in milliseconds. */
  readonly expiresAt: number
}

/** Describes a request to whoever asks the user. */
export function describeBackchannel(
  open: OpenRequest<PendingBackchannel>,
  { client_id, client_name, client_uri, verified }: Client,
  server: ServerContext,
): BackchannelRequest {
  const { subject, bindingMessage, scopes, resources, acrValues, expiresAt } = open.request
  return {
    id: open.handle,
    url: interactionUrl(open, server),
    subject,
    client: { client_id, client_name, client_uri, verified },
    bindingMessage,
    scopes: scopes.map((name) => ({ name, description: server.scopes.describe(name) })),
    resources,
    acrValues,
    expiresAt,
  }
}
