import type { Client } from '../clients/client.ts'
import { parseStrictJson } from '../clients/metadata-document/parse-strict-json.ts'
import type { AuthorizationDetail } from '@gatewright/core'
import type { AuthorizationDetailType } from './authorization-detail-type.ts'
import { invalidDetails } from './invalid-details.ts'

const maximumCount = 100
// They are stored with the grant and carried in every token, whose place is a header.
const maximumBytes = 4096

/**
 * Reads the parameter `authorization_details`; an absent one gives `undefined`.
 *
 * @throws {OAuthError} `invalid_authorization_details` for what is no list of known, sound details, or over 4,096 bytes
 * @see [RFC 9396 §5 - Authorization Error Response](https://www.rfc-editor.org/rfc/rfc9396.html#section-5)
 */
export function parseDetails(
  text: string | undefined,
  types: readonly AuthorizationDetailType[],
  client: Pick<Client, 'authorization_details_types'>,
): readonly AuthorizationDetail[] | undefined {
  if (text === undefined) return undefined
  const bytes = new TextEncoder().encode(text)
  if (bytes.byteLength > maximumBytes)
    throw invalidDetails(`authorization_details must not be over ${maximumBytes} bytes`)
  const details = parse(bytes)
  if (!Array.isArray(details) || details.length === 0 || details.length > maximumCount)
    throw invalidDetails(`authorization_details must be a list of 1 to ${maximumCount} objects`)
  const checked = details.map((detail: unknown) => checkDetail(detail, types))
  if (checked.some(({ type }) => !isRegistered(type, client)))
    throw invalidDetails(
      'a type in authorization_details is not among the authorization_details_types of this client',
    )
  return checked
}

/** Whether a client may ask for a type. @see [RFC 9396 §10 - Metadata](https://www.rfc-editor.org/rfc/rfc9396.html#section-10) */
export function isRegistered(type: string, client: Pick<Client, 'authorization_details_types'>): boolean {
  return client.authorization_details_types?.includes(type) ?? true
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes)
  } catch {
    throw invalidDetails('authorization_details is no JSON, or has a name twice in an object')
  }
}

function checkDetail(detail: unknown, types: readonly AuthorizationDetailType[]): AuthorizationDetail {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail))
    throw invalidDetails('each of the authorization_details must be an object')
  const { type: name } = detail as { readonly type?: unknown }
  const type = types.find((known) => known.name === name)
  if (type === undefined) throw invalidDetails('a type in authorization_details is not supported')
  // A field that nobody checks could mean something to a resource server all the same.
  const unknown = Object.keys(detail).find((field) => field !== 'type' && !type.fields.includes(field))
  if (unknown !== undefined)
    throw invalidDetails(`authorization_details of type ${type.name} have an unknown field`)
  const problem = type.validate(detail as AuthorizationDetail)
  if (problem !== undefined) throw invalidDetails(`authorization_details of type ${type.name}: ${problem}`)
  return detail as AuthorizationDetail
}

/** Checks the option `authorizationDetails`. @throws {TypeError} for a type without a name, or a name that is there twice */
export function checkDetailTypes(types: readonly AuthorizationDetailType[]): void {
  const names = new Set<string>()
  for (const { name } of types) {
    if (name === '' || names.has(name))
      throw new TypeError(`authorizationDetails: "${name}" is empty or there twice`)
    names.add(name)
  }
}
