import { sha256Base64url } from '@gatewright/core'

/**
 * The partitions of one issuer. Records that must change together share a partition.
 *
 * Every name starts with a hash of the issuer, so that servers over one storage never see each other's records.
 */
export interface Partitions {
  /** A short hash of the issuer; cookie names carry it too. */
  readonly issuer: string
  readonly keys: string
  /** Where the clients are listed that registered themselves and that a user approved. */
  readonly usedClients: string
  /** What the partitions of counters start with. */
  readonly counters: string
  /** What the partitions of used DPoP proofs start with. */
  readonly proofs: string
  grant(grantId: string): string
  client(clientId: string): string
  /** Where the grants of a client are listed. */
  clientGrants(clientId: string): Promise<string>
  /** Takes the hash of the session's secret. */
  session(sessionId: string): string
  /** Takes the hash of the user code. */
  userCode(userCodeHash: string): string
  /** Takes the hash of the handle. */
  pendingRequest(handleHash: string): string
  /** Takes the hash of the trip's state. */
  trip(stateHash: string): string
  subject(subject: string): Promise<string>
}

/** Names the partitions of an issuer. */
export async function createPartitions(issuer: string): Promise<Partitions> {
  const hash = (await sha256Base64url(issuer)).slice(0, 11)
  return {
    issuer: hash,
    keys: `${hash}:k`,
    usedClients: `${hash}:l`,
    counters: `${hash}:n`,
    proofs: `${hash}:d`,
    grant: (grantId) => `${hash}:g:${grantId}`,
    client: (clientId) => `${hash}:c:${clientId}`,
    clientGrants: async (clientId) => `${hash}:a:${await sha256Base64url(clientId)}`,
    session: (sessionId) => `${hash}:b:${sessionId}`,
    userCode: (userCodeHash) => `${hash}:u:${userCodeHash}`,
    pendingRequest: (handleHash) => `${hash}:r:${handleHash}`,
    trip: (stateHash) => `${hash}:t:${stateHash}`,
    subject: async (subject) => `${hash}:s:${await sha256Base64url(subject)}`,
  }
}
