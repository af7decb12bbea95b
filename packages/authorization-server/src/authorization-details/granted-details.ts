import type { AuthorizationDetail } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { AuthorizationDetailType, DetailApproval } from './authorization-detail-type.ts'
import { invalidDetails } from './invalid-details.ts'
import { isRegistered, parseDetails } from './parse-details.ts'

const typeOf = ({ type }: AuthorizationDetail, types: readonly AuthorizationDetailType[]) =>
  types.find(({ name }) => name === type)

/** What users read about the details that a client asks for. */
export function describeDetails(
  details: readonly AuthorizationDetail[] | undefined,
  types: readonly AuthorizationDetailType[],
): readonly string[] {
  return (details ?? []).map((detail) => typeOf(detail, types)?.describe(detail) ?? JSON.stringify(detail))
}

/**
 * What of the approved details is granted, by the types; `undefined` when there are none.
 *
 * @throws {Error} when a type grants what a client could not even ask for
 */
export async function grantDetails(
  details: readonly AuthorizationDetail[] | undefined,
  approval: DetailApproval,
  types: readonly AuthorizationDetailType[],
): Promise<readonly AuthorizationDetail[] | undefined> {
  const granted: AuthorizationDetail[] = []
  for (const detail of details ?? []) {
    const type = typeOf(detail, types)
    const result = type?.grant === undefined ? detail : await type.grant(detail, approval)
    if (result !== undefined) granted.push(result)
  }
  return checkGranted(granted, types)
}

/**
 * The details that a client gets for itself; `undefined` when it asks for none.
 *
 * @throws {OAuthError} `invalid_authorization_details` for one that it may not have: there is nobody to ask, so it is refused and not left out
 */
export async function clientDetails(
  text: string | undefined,
  client: Client,
  resource: string,
  types: readonly AuthorizationDetailType[],
): Promise<readonly AuthorizationDetail[] | undefined> {
  const granted: AuthorizationDetail[] = []
  for (const detail of parseDetails(text, types, client) ?? []) {
    const result = await typeOf(detail, types)?.grantToClient?.(detail, { clientId: client.client_id })
    if (result === undefined)
      throw invalidDetails('authorization_details go beyond what this client may do for itself')
    if (!isFor(result, resource)) throw invalidDetails('authorization_details are for another resource')
    granted.push(result)
  }
  return checkGranted(granted, types)
}

function checkGranted(
  granted: readonly AuthorizationDetail[],
  types: readonly AuthorizationDetailType[],
): readonly AuthorizationDetail[] | undefined {
  if (granted.length === 0) return undefined
  try {
    return parseDetails(JSON.stringify(granted), types, {})
  } catch (cause) {
    throw new Error('authorizationDetails: what a type granted is not sound', { cause })
  }
}

/** The details of a grant that count now: a type that the operator has taken out is good for nothing any more. */
export function standingDetails(
  granted: readonly AuthorizationDetail[] | undefined,
  client: Pick<Client, 'authorization_details_types'>,
  types: readonly AuthorizationDetailType[],
): readonly AuthorizationDetail[] {
  return (granted ?? []).filter(
    (detail) => typeOf(detail, types) !== undefined && isRegistered(detail.type, client),
  )
}

/**
 * The details of one token: those of the grant, or fewer, without those that are for other resources.
 *
 * @param text the parameter `authorization_details` of the token request
 * @throws {OAuthError} `invalid_authorization_details` when it asks for something that was not granted
 * @see [RFC 9396 §6 - Token Request](https://www.rfc-editor.org/rfc/rfc9396.html#section-6)
 */
export function tokenDetails(
  granted: readonly AuthorizationDetail[] | undefined,
  text: string | undefined,
  resource: string | undefined,
  client: Pick<Client, 'authorization_details_types'>,
  types: readonly AuthorizationDetailType[],
): readonly AuthorizationDetail[] | undefined {
  const own = standingDetails(granted, client, types)
  const wanted = parseDetails(text, types, client)?.map((detail) => canonical(detail))
  const known = new Set(own.map((detail) => canonical(detail)))
  if (wanted?.some((detail) => !known.has(detail)) === true)
    throw invalidDetails('authorization_details go beyond what was granted')
  const left = own.filter(
    (detail) => (wanted?.includes(canonical(detail)) ?? true) && isFor(detail, resource),
  )
  return left.length === 0 ? undefined : left
}

/** What events tell of details. */
export function detailTypes(details: readonly AuthorizationDetail[] | undefined): {
  readonly detailTypes?: readonly string[]
} {
  return details === undefined ? {} : { detailTypes: [...new Set(details.map(({ type }) => type))] }
}

// RFC 9396 §2.2: where a detail is to be used. One resource server must not learn what is for another.
function isFor({ locations }: AuthorizationDetail, resource: string | undefined): boolean {
  return !Array.isArray(locations) || (resource !== undefined && locations.includes(resource))
}

/** A text that is the same for the same value, whatever the order of its members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
