import type { Check } from '../check.ts'
import { authorizationRequestChecks } from './authorization-request-checks.ts'
import { codeChecks } from './code-checks.ts'
import { serverMetadataChecks } from './metadata-checks.ts'
import { pageChecks } from './page-checks.ts'
import { refreshChecks } from './refresh-checks.ts'
import { registrationChecks } from './registration-checks.ts'
import { tokenRequestChecks } from './token-request-checks.ts'

/**
 * What an authorization server must do by its specifications, from discovery to revocation.
 *
 * @group Checks
 */
export const authorizationServerChecks: readonly Check[] = [
  ...serverMetadataChecks,
  ...registrationChecks,
  ...authorizationRequestChecks,
  ...pageChecks,
  ...codeChecks,
  ...tokenRequestChecks,
  ...refreshChecks,
]
