import type { Act } from './act.ts'
import type { Confirmation } from './confirmation.ts'

/** What happened, as `noun.past_verb`. */
export type EventType =
  | 'authorization.refused'
  | 'authorization_code.issued'
  | 'authorization_code.reused'
  | 'authorization_code.verifier_failed'
  | 'backchannel_request.issued'
  | 'backchannel_request.notification_failed'
  | 'backchannel_request.notified'
  | 'backchannel_request.reused'
  | 'client.authentication_failed'
  | 'client.deleted'
  | 'client.disabled'
  | 'client.enabled'
  | 'client.metadata_changed'
  | 'client.metadata_refused'
  | 'client.registered'
  | 'client.registration_refused'
  | 'client.secret_rotated'
  | 'consent.approved'
  | 'consent.denied'
  | 'device_code.issued'
  | 'device_code.reused'
  | 'grant.revoked'
  | 'key.retired'
  | 'key.rotated'
  | 'login.failed'
  | 'login.succeeded'
  | 'logout.notification_failed'
  | 'logout.notified'
  | 'pkce.challenge_reused'
  | 'prompt.denied'
  | 'prompt.served'
  | 'redirect_uri.rejected'
  | 'refresh_token.repeated'
  | 'refresh_token.reused'
  | 'refresh_token.rotated'
  | 'request.failed'
  | 'resource.denied'
  | 'resource.served'
  | 'server.doubted'
  | 'session.ended'
  | 'token.exchange_failed'
  | 'token.exchanged'
  | 'token.issued'
  | 'token.refused'
  | 'token.rejected'
  | 'token.revoked'
  | 'tool.called'
  | 'tool.denied'
  | 'tool.failed'
  | 'user.erased'
  | 'upstream.called'
  | 'upstream.changed'
  | 'upstream.connected'
  | 'upstream.failed'
  | 'upstream.prompt_changed'
  | 'upstream.prompt_excluded'
  | 'upstream.resource_changed'
  | 'upstream.resource_excluded'
  | 'upstream.tool_changed'
  | 'upstream.tool_excluded'
  | 'user_code.rejected'

/** What an event may tell. It never carries a secret, a code, a token or a cookie. */
export interface EventDetails {
  readonly clientId?: string | undefined
  /** What the operator calls the client, in events about its tokens. */
  readonly clientKind?: string | undefined
  /** The groups that the operator put the client in, in events about its tokens. */
  readonly clientTags?: readonly string[] | undefined
  readonly subject?: string | undefined
  readonly grantId?: string | undefined
  readonly jti?: string | undefined
  readonly act?: Act | undefined
  /** Thumbprints of the key and the certificate that the token is bound to. */
  readonly confirmation?: Confirmation | undefined
  readonly ip?: string | undefined
  readonly requestId?: string | undefined
  readonly scope?: string | undefined
  /** The types of the granted authorization details; what else they say is between the user and the client. */
  readonly detailTypes?: readonly string[] | undefined
  readonly resource?: string | undefined
  readonly grantType?: string | undefined
  /** Id of the provider that the user logs in through. */
  readonly provider?: string | undefined
  /** A machine-readable reason, such as an OAuth error code or a mismatch reason. */
  readonly reason?: string | undefined
  /** The id of a signing key. */
  readonly kid?: string | undefined
  /** What was decided about a call. */
  readonly decision?: 'allow' | 'deny' | undefined
  /** The policy that decided. */
  readonly rule?: string | undefined
  /** A sentence for the operator. */
  readonly message?: string | undefined
  /** The redirect URI that was presented, cut to 2,048 characters. */
  readonly redirectUri?: string | undefined
  /** The registered redirect URIs, or the one that came closest. */
  readonly registered?: readonly string[] | undefined
  /** Tool, resource or prompt. */
  readonly name?: string | undefined
  /** Scopes that were missing. */
  readonly required?: readonly string[] | undefined
  /** When the successor of a reused refresh token was first used, and from where. */
  readonly successorUsed?: { readonly at: number; readonly ip?: string | undefined } | undefined
  /** What was thrown; for the operator's log only. */
  readonly cause?: unknown
}

/** An event without its time, as parts emit it. */
export interface EventInput extends EventDetails {
  readonly type: EventType
}

/** One thing that happened, for an audit log. */
export interface GatewrightEvent extends EventInput {
  /** When, in milliseconds. */
  readonly at: number
}

/** Receives every event. Its result is ignored; what it throws changes no response. */
export type OnEvent = (event: GatewrightEvent) => unknown

/** Sends an event to the listener, if there is one. */
export type EventSink = (event: EventInput) => void

/** Wraps a listener so that it gets the time and can neither fail nor delay what it listens to. */
export function createEventSink(onEvent: OnEvent | undefined, now: () => number): EventSink {
  if (onEvent === undefined) return () => {}
  return (event) => {
    try {
      const result = onEvent({ at: now(), ...event })
      // Reporting must never alter the response, and a rejection that nobody handles ends the process. A promise of
      // another realm is no instance of ours, so whatever has a `then` counts.
      if (typeof result === 'object' && result !== null) Promise.resolve(result).catch(() => {})
    } catch {}
  }
}
