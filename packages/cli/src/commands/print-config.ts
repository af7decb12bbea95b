import { parseArgs } from 'node:util'
import type { Command } from '../command.ts'
import { serverUrl } from '../server-url.ts'
import { applications } from '../set-up/applications.ts'
import { linesOf } from '../set-up/set-up.ts'
import { UsageError } from '../usage-error.ts'

const names = Object.keys(applications)

/** Prints what makes an application know a server. */
export const printConfig: Command = {
  name: 'print-config',
  summary: 'print what makes Claude, Claude Code, VS Code, Cursor or Codex know a server',
  usage: `gatewright print-config <${names.join('|')}> <url> [--name <name>] [--client-id <id>] [--scopes <scopes>] [--json]

Asks nobody and changes nothing: it prints what to paste, and where.

  --name       what the application calls the server; without it, its host
  --client-id  client that was registered beforehand; without it, the application registers itself
  --scopes     scopes to ask for, with blanks between them; without it, those that the server names
  --json       print files, configuration, commands, redirectUris and notes as JSON

exit code  0 printed   2 the command was called wrongly`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        'client-id': { type: 'string' },
        scopes: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
    const [application = '', address] = positionals
    const setUp = Object.hasOwn(applications, application) ? applications[application] : undefined
    if (setUp === undefined) throw new UsageError(`name the application: ${names.join(', ')}`)
    const url = serverUrl(address)
    const found = setUp({
      name: values.name ?? url.hostname.replaceAll(/[^\w-]/g, '-'),
      url: url.href,
      clientId: values['client-id'],
      scopes: values.scopes,
    })
    if (values.json === true) terminal.print(JSON.stringify(found, undefined, 2))
    else for (const line of linesOf(found)) terminal.print(line)
    return 0
  },
}
