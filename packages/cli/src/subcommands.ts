import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** What a command of several does, by the word that follows its name. */
export type Subcommands = Readonly<
  Record<string, (args: readonly string[], terminal: Terminal) => Promise<number>>
>

/**
 * Runs the one that is named first.
 *
 * @throws {UsageError} when there is none of that name
 */
export function runSubcommand(
  subcommands: Subcommands,
  [name, ...rest]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const named = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
  if (named === undefined) {
    const wrong = name === undefined ? '' : `there is no "${name}"; `
    throw new UsageError(`${wrong}say one of: ${Object.keys(subcommands).join(', ')}`)
  }
  return named(idsLast(rest), terminal)
}

// An id is base64url of 16 or 32 bytes, and one in 64 begins like an option.
function idsLast(args: readonly string[]): string[] {
  const [options, ids]: [string[], string[]] = [[], []]
  for (const arg of args) {
    if (!/^-(?:[\w-]{21}|[\w-]{42})$/.test(arg)) options.push(arg)
    else if (/^--(?:session|user|client)$/.test(options.at(-1) ?? '')) options.push(`${options.pop()}=${arg}`)
    else ids.push(arg)
  }
  return ids.length === 0 ? options : [...options, '--', ...ids]
}

/**
 * The only argument.
 *
 * @throws {UsageError} when it is missing or another one follows
 */
export function onlyArgument(what: string, positionals: readonly string[]): string {
  const [argument, surplus] = positionals
  if (argument === undefined || argument === '') throw new UsageError(`name the ${what}`)
  if (surplus !== undefined) throw new UsageError(`name one ${what}; "${surplus}" is too much`)
  return argument
}
