import type { Check } from '../check.ts'
import { assertionChecks } from './assertion-checks.ts'
import { authorizationRequestChecks } from './authorization-request-checks.ts'
import { codeChecks } from './code-checks.ts'
import { deviceChecks } from './device-checks.ts'
import { documentChecks } from './document-checks.ts'
import { dpopChecks } from './dpop-checks.ts'
import { exchangeChecks } from './exchange-checks.ts'
import { logoutChecks } from './logout-checks.ts'
import { serverMetadataChecks } from './metadata-checks.ts'
import { pageChecks } from './page-checks.ts'
import { pushedRequestChecks } from './pushed-request-checks.ts'
import { refreshChecks } from './refresh-checks.ts'
import { registrationChecks } from './registration-checks.ts'
import { tokenRequestChecks } from './token-request-checks.ts'

/**
 * What an authorization server must do by its specifications, from discovery to revocation, with what its metadata says that it has
 * besides: metadata documents of clients, pushed requests, DPoP, devices, token exchange, signed assertions, logout.
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
  ...documentChecks,
  ...pushedRequestChecks,
  ...assertionChecks,
  ...dpopChecks,
  ...deviceChecks,
  ...exchangeChecks,
  ...logoutChecks,
]
