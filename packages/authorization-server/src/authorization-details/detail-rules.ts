import type { AuthorizationDetail } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { AuthorizationDetailType, DetailApproval } from './authorization-detail-type.ts'
import {
  clientDetails,
  describeDetails,
  grantDetails,
  standingDetails,
  tokenDetails,
} from './granted-details.ts'
import { checkDetailTypes, parseDetails } from './parse-details.ts'

type Details = readonly AuthorizationDetail[] | undefined
type OfClient = Pick<Client, 'authorization_details_types'>

/** What clients may ask for beyond scopes, and what becomes of it. Pass it in the option `authorizationDetails` of a composition. */
export interface AuthorizationDetailRules {
  /** The names of the types. */
  readonly names: readonly string[]
  /** Reads the parameter `authorization_details`; an absent one gives `undefined`. @throws {OAuthError} `invalid_authorization_details` */
  parse(text: string | undefined, client: OfClient): Details
  /** What users read about the details that a client asks for. */
  describe(details: Details): readonly string[]
  /** What of approved details is granted. */
  grant(details: Details, approval: DetailApproval): Promise<Details>
  /** What a client gets for itself. @throws {OAuthError} `invalid_authorization_details` for what it may not have */
  forClient(text: string | undefined, client: Client, resource: string): Promise<Details>
  /** What of granted details still counts. */
  standing(granted: Details, client: OfClient): readonly AuthorizationDetail[]
  /** What one token gets. @throws {OAuthError} `invalid_authorization_details` when more is asked for than was granted */
  forToken(
    granted: Details,
    text: string | undefined,
    resource: string | undefined,
    client: OfClient,
  ): Details
}

/**
 * The rules of these types of authorization details.
 *
 * @throws {TypeError} for a type without a name, or a name that is there twice
 * @see [RFC 9396 §2 - Request Parameter "authorization_details"](https://www.rfc-editor.org/rfc/rfc9396.html#section-2)
 */
export function authorizationDetailTypes(
  ...types: readonly AuthorizationDetailType[]
): AuthorizationDetailRules {
  checkDetailTypes(types)
  return {
    names: types.map(({ name }) => name),
    parse: (text, client) => parseDetails(text, types, client),
    describe: (details) => describeDetails(details, types),
    grant: (details, approval) => grantDetails(details, approval, types),
    forClient: (text, client, resource) => clientDetails(text, client, resource, types),
    standing: (granted, client) => standingDetails(granted, client, types),
    forToken: (granted, text, resource, client) => tokenDetails(granted, text, resource, client, types),
  }
}
