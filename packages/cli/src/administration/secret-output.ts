import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

/**
 * Makes sure, before a secret is made, that it goes where a person sees it and nothing keeps it.
 *
 * @throws {UsageError} when it would go to a file or a pipe, and `--print-secret` was not said
 */
export function requireSecretOutput(flag: boolean | undefined, terminal: Terminal): void {
  if (terminal.shown || flag === true) return
  throw new UsageError(
    'the secret would go to a file or a pipe; add --print-secret if what reads it keeps it safe',
  )
}
