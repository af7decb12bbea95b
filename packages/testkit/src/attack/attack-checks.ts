import type { Check } from '../check.ts'
import { consentChecks } from './consent-checks.ts'
import { redirectChecks } from './redirect-checks.ts'
import { registrationAttacks } from './registration-checks.ts'
import { theftChecks } from './theft-checks.ts'

/**
 * What attackers do to an authorization server: redirects to elsewhere, clients in disguise, decisions of others, stolen codes
 * and tokens.
 *
 * @group Checks
 */
export const attackChecks: readonly Check[] = [
  ...redirectChecks,
  ...registrationAttacks,
  ...consentChecks,
  ...theftChecks,
]
