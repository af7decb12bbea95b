import type { EventDetails } from '@gatewright/core'

/** Why a token is refused: a word for the operator's log, and a sentence for the client. Internal to this package. */
export class Rejection extends Error {
  readonly reason: string
  /** Whose token it was; known only once its signature was verified. */
  readonly details: EventDetails

  constructor(
    reason: string,
    description = 'the access token is not valid',
    cause?: unknown,
    details: EventDetails = {},
  ) {
    super(description, { cause })
    this.name = 'Rejection'
    this.reason = reason
    this.details = details
  }
}

/** Names the reason for which a JOSE operation failed. */
export function toRejection(error: unknown): Rejection {
  if (error instanceof Rejection) return error
  const { code, claim } = (error ?? {}) as { code?: unknown; claim?: unknown }
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return new Rejection('expired', 'the access token has expired', error)
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return new Rejection(String(claim), undefined, error)
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return new Rejection('algorithm', undefined, error)
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return new Rejection('unknown_key', undefined, error)
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return new Rejection('signature', undefined, error)
    default:
      return new Rejection('malformed', undefined, error)
  }
}
