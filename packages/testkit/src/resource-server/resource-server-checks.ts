import type { Check } from '../check.ts'
import { challengeChecks } from './challenge-checks.ts'
import { boundTokenChecks } from './dpop-checks.ts'
import { resourceMetadataChecks } from './metadata-checks.ts'
import { requestChecks } from './request-checks.ts'
import { scopeChecks } from './scope-checks.ts'
import { tokenChecks } from './token-checks.ts'

/**
 * What a protected resource must do: an MCP server, or any API that takes tokens. Its checks speak MCP where they call something.
 *
 * @group Checks
 */
export const resourceServerChecks: readonly Check[] = [
  ...challengeChecks,
  ...resourceMetadataChecks,
  ...tokenChecks,
  ...boundTokenChecks,
  ...scopeChecks,
  ...requestChecks,
]
