import type { Terminal } from './terminal.ts'

/** One command of the program. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly usage: string
  /**
   * Runs it; resolves to the exit code: 0 when all is well, 1 when something is wrong with the server.
   *
   * @throws {UsageError} when it was called wrongly, which is exit code 2
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}
