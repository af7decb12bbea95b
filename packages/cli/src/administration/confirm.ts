import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

/**
 * Asks before something that cannot be taken back. `false` when the answer is not yes.
 *
 * @throws {UsageError} when nobody is there to answer and `--yes` was not said
 */
export async function confirm(what: string, yes: boolean | undefined, terminal: Terminal): Promise<boolean> {
  if (yes === true) return true
  if (terminal.ask === undefined) throw new UsageError(`${what}\nnobody can be asked here: add --yes`)
  const answer = await terminal.ask(`${what}\nGo on? [y/N] `)
  if (/^y(?:es)?$/i.test(answer.trim())) return true
  terminal.note('nothing was changed')
  return false
}
