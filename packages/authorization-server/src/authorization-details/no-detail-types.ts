import type { AuthorizationDetailRules } from './detail-rules.ts'
import { invalidDetails } from './invalid-details.ts'

/**
 * The rules of a server without types of authorization details: it knows none, so a request with any is refused. Granted without, it
 * would give the client more or less than it asked the user for.
 *
 * @see [RFC 9396 §5 - Authorization Error Response](https://www.rfc-editor.org/rfc/rfc9396.html#section-5)
 */
export const noDetailTypes: AuthorizationDetailRules = {
  names: [],
  parse: (text) => refuseAny(text),
  describe: () => [],
  grant: async () => undefined,
  forClient: async (text) => refuseAny(text),
  standing: () => [],
  forToken: (_granted, text) => refuseAny(text),
}

function refuseAny(text: string | undefined): undefined {
  if (text !== undefined) throw invalidDetails('this server has no types of authorization details')
}
