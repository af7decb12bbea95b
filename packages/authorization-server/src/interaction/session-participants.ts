/** The clients that know of a session, and which of their grants end with it. */
export interface SessionParticipants {
  readonly clients?: Readonly<Record<string, readonly string[]>>
}

const mostClients = 100
const mostGrants = 50

/**
 * The record with a client and one of its grants added; the same one when it knows both.
 *
 * Both lists are bounded, so that a client that signs its user in again and again cannot make the record grow. The oldest go
 * first.
 */
export function withParticipant<R extends SessionParticipants>(
  record: R,
  clientId: string,
  grantId: string | undefined,
): R {
  const clients = record.clients ?? {}
  const known = Object.hasOwn(clients, clientId) ? clients[clientId] : undefined
  if (known !== undefined && (grantId === undefined || known.includes(grantId))) return record
  const grants = grantId === undefined ? (known ?? []) : [...(known ?? []), grantId].slice(-mostGrants)
  const others = Object.entries(clients).filter(([id]) => id !== clientId)
  return {
    ...record,
    clients: Object.fromEntries([...others, [clientId, grants] as const].slice(-mostClients)),
  }
}
