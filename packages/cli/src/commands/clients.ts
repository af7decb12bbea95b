import { parseArgs } from 'node:util'
import type { Client } from '../administration/administered-server.ts'
import { clientEntry } from '../administration/client-entry.ts'
import { confirm } from '../administration/confirm.ts'
import { requireSecretOutput } from '../administration/secret-output.ts'
import { instant, table } from '../administration/table.ts'
import { withServer } from '../administration/with-server.ts'
import type { Command } from '../command.ts'
import { printable } from '../printable.ts'
import { onlyArgument, runSubcommand } from '../subcommands.ts'
import type { Subcommands } from '../subcommands.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

const options = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const

const subcommands: Subcommands = {
  async list(args, terminal) {
    const { values } = parseArgs({ args: [...args], options })
    const { found, issuer } = await withServer(values.config, async (server) => ({
      found: await server.clients.list(),
      issuer: server.issuer,
    }))
    if (values.json === true) terminal.print(JSON.stringify(found, undefined, 2))
    else if (found.length === 0) terminal.note(`${issuer} has no clients that a user approved`)
    else {
      const row = (client: Client) => [
        client.clientId,
        client.clientName ?? '-',
        client.verified ? 'you' : 'itself',
        client.authentication,
        client.disabled ? 'disabled' : 'enabled',
      ]
      const titles = ['CLIENT', 'NAME', 'REGISTERED BY', 'AUTHENTICATION', 'STATE']
      for (const line of table(titles, found.map(row))) terminal.print(line)
    }
    return 0
  },
  async show(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const clientId = onlyArgument('client', positionals)
    const client = await withServer(values.config, (server) => server.clients.find(clientId))
    if (client === undefined) return unknown(clientId, terminal)
    if (values.json === true) terminal.print(JSON.stringify(client, undefined, 2))
    else
      for (const [name, value] of Object.entries(client)) {
        const text = name === 'expiresAt' ? instant(value as number) : [value].flat().join(' ')
        terminal.print(`${name.padEnd(15)} ${printable(text)}`)
      }
    return 0
  },
  async add(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        'redirect-uri': { type: 'string', multiple: true, default: [] },
        grant: { type: 'string', multiple: true, default: [] },
        scope: { type: 'string', multiple: true, default: [] },
        secret: { type: 'boolean' },
        'print-secret': { type: 'boolean' },
      },
    })
    const clientId = onlyArgument('client', positionals)
    if (values.secret === true) requireSecretOutput(values['print-secret'], terminal)
    const { entry, secret } = clientEntry({
      clientId,
      name: values.name,
      redirectUris: values['redirect-uri'],
      grantTypes: values.grant,
      scopes: values.scope,
      confidential: values.secret === true,
    })
    terminal.note('add this to registered(…) in the option `clients` of your server:')
    terminal.print(entry)
    if (secret !== undefined) showSecret(clientId, secret, terminal)
    return 0
  },
  async 'rotate-secret'(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...options,
        overlap: { type: 'string', default: '604800' },
        'print-secret': { type: 'boolean' },
      },
    })
    const clientId = onlyArgument('client', positionals)
    const overlap = Number(values.overlap)
    if (!Number.isSafeInteger(overlap) || overlap < 0)
      throw new UsageError('--overlap is a number of seconds; 0 ends the secrets before this one at once')
    requireSecretOutput(values['print-secret'], terminal)
    return withServer(values.config, async (server) => {
      const what = `The secrets that ${clientId} has will stop working at once.`
      if (overlap === 0 && !(await confirm(printable(what), values.yes, terminal))) return 1
      const made = await server.clients.rotateSecret(clientId, { overlap })
      if (made === undefined) return unknown(clientId, terminal)
      if (values.json === true) terminal.print(JSON.stringify(made, undefined, 2))
      else {
        showSecret(clientId, made.clientSecret, terminal)
        terminal.note(`the secrets before it work until ${instant(made.othersUntil)}`)
      }
      return 0
    })
  },
  async disable(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const clientId = onlyArgument('client', positionals)
    return withServer(values.config, async (server) => {
      const client = await server.clients.find(clientId)
      if (client === undefined) return unknown(clientId, terminal)
      const what = `${clientId} (${client.clientName ?? 'no name'}) will be unknown to ${server.issuer}, and all that users approved for it ends.`
      if (!(await confirm(printable(what), values.yes, terminal))) return 1
      await server.clients.disable(clientId)
      return done({ disabled: clientId }, `${clientId} is disabled`, values.json, terminal)
    })
  },
  async enable(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const clientId = onlyArgument('client', positionals)
    if (await withServer(values.config, (server) => server.clients.enable(clientId)))
      return done(
        { enabled: clientId },
        `${clientId} is enabled; its users approve anew`,
        values.json,
        terminal,
      )
    terminal.note(printable(`${clientId} was not disabled`))
    return 1
  },
}

function unknown(clientId: string, terminal: Terminal): number {
  terminal.note(printable(`there is no client ${clientId}; \`gatewright clients list\` shows them`))
  return 1
}

function done(result: object, text: string, json: boolean | undefined, terminal: Terminal): number {
  terminal.print(json === true ? JSON.stringify(result) : printable(text))
  return 0
}

function showSecret(clientId: string, secret: string, terminal: Terminal): void {
  terminal.note(printable(`the secret of ${clientId}; it is shown this once, and only its hash is kept:`))
  terminal.print(secret)
}

/** Shows clients, makes and rotates their secrets, and shuts them out. */
export const clients: Command = {
  name: 'clients',
  summary: 'list, show, add, disable and enable the clients of your server, and rotate their secrets',
  usage: `gatewright clients list
gatewright clients show <client>
gatewright clients add <client> [--name <name>] [--redirect-uri <uri>]… [--grant <grant type>]… [--scope <scope>]… [--secret]
                                            print the entry for your list, with the hash of a new secret
gatewright clients rotate-secret <client> [--overlap <seconds>]   make a secret; those before it work on for a week
gatewright clients disable <client>         shut it out, and end all that users approved for it
gatewright clients enable <client>

  --config <file>  module that exports your server; without it, gatewright.config.js
  --json           print JSON
  --yes            do not ask
  --print-secret   print a secret even where no person reads it

exit code  0 done   1 it could not be done, or you said no   2 the command was called wrongly`,
  run: (args, terminal) => runSubcommand(subcommands, args, terminal),
}
