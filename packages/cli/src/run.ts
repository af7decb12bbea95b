import type { Command } from './command.ts'
import { attack } from './commands/attack.ts'
import { clients } from './commands/clients.ts'
import { connect } from './commands/connect.ts'
import { doctor } from './commands/doctor.ts'
import { grants } from './commands/grants.ts'
import { init } from './commands/init.ts'
import { keys } from './commands/keys.ts'
import { printConfig } from './commands/print-config.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const commands: readonly Command[] = [init, doctor, attack, connect, printConfig, keys, clients, grants]

/**
 * Runs the program with its arguments; resolves to the exit code.
 *
 * 0: all is well. 1: something is wrong with the server, or the work failed. 2: the program was called wrongly.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...rest] = args
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) {
    const asked = ['help', '--help', '-h'].includes(name)
    const text = help(asked ? undefined : name).join('\n')
    if (asked) terminal.print(text)
    else terminal.note(text)
    return asked ? 0 : 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.print(command.usage)
    return 0
  }
  try {
    return await command.run(rest, terminal)
  } catch (error) {
    const usage =
      error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
    terminal.note(`gatewright ${name}: ${error instanceof Error ? error.message : String(error)}`)
    if (usage === true) terminal.note(`\n${command.usage}`)
    return usage === true ? 2 : 1
  }
}

function help(unknown: string | undefined): string[] {
  return [
    ...(unknown === undefined ? [] : [`there is no command "${unknown}"`, '']),
    'gatewright <command>',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(14)}${summary}`),
    '',
    'gatewright <command> --help says more.',
  ]
}
