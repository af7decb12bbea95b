import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Key } from '../administration/administered-server.ts'
import { confirm } from '../administration/confirm.ts'
import { requireSecretOutput } from '../administration/secret-output.ts'
import { instant, table } from '../administration/table.ts'
import { withServer } from '../administration/with-server.ts'
import type { Command } from '../command.ts'
import { onlyArgument, runSubcommand } from '../subcommands.ts'
import type { Subcommands } from '../subcommands.ts'

const options = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const

const row = ({ kid, algorithm, state, from, until, publishedUntil }: Key) => [
  kid,
  algorithm,
  state,
  from === 0 ? '-' : instant(from),
  instant(until),
  instant(publishedUntil),
]

const subcommands: Subcommands = {
  async list(args, terminal) {
    const { values } = parseArgs({ args: [...args], options })
    const keys = await withServer(values.config, (server) => server.keys.list())
    if (values.json === true) terminal.print(JSON.stringify(keys, undefined, 2))
    else {
      const titles = ['KEY', 'ALGORITHM', 'STATE', 'SIGNS FROM', 'UNTIL', 'PUBLISHED UNTIL']
      for (const line of table(titles, keys.map(row))) terminal.print(line)
    }
    return 0
  },
  async rotate(args, terminal) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...options, immediately: { type: 'boolean' } },
    })
    const immediately = values.immediately === true
    const key = await withServer(values.config, (server) => server.keys.rotate({ immediately }))
    if (values.json === true) terminal.print(JSON.stringify(key, undefined, 2))
    else terminal.print(`key ${key.kid} is published, and signs from ${instant(key.from)}`)
    return 0
  },
  async retire(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const kid = onlyArgument('key, as `keys list` shows it', positionals)
    return withServer(values.config, async (server) => {
      const key = (await server.keys.list()).find((candidate) => candidate.kid === kid)
      if (key === undefined) {
        terminal.note(`${server.issuer} publishes no key ${kid}`)
        return 1
      }
      const what = `Nothing that key ${kid} of ${server.issuer} signed will be accepted any more${key.state === 'signing' ? ', and a new key signs from now on' : ''}.`
      if (!(await confirm(what, values.yes, terminal))) return 1
      await server.keys.retire(kid)
      if (values.json === true) terminal.print(JSON.stringify({ retired: kid }))
      else terminal.print(`key ${kid} is retired; every process knows within half a minute`)
      return 0
    })
  },
  async secret(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: { 'print-secret': { type: 'boolean' } } })
    requireSecretOutput(values['print-secret'], terminal)
    terminal.note('a secret of 256 bits, for KEY_SECRET or a vault; it is kept nowhere:')
    terminal.print(randomBytes(32).toString('base64url'))
    return 0
  },
}

/** Lists, rotates and retires signing keys, and makes the secret that protects them. */
export const keys: Command = {
  name: 'keys',
  summary: 'list, rotate and retire the signing keys of your server, or make the secret that protects them',
  usage: `gatewright keys list
gatewright keys rotate [--immediately]    make a new key, which signs once caches of other servers have it
gatewright keys retire <key>              take back a key that may have leaked, with all that it signed
gatewright keys secret [--print-secret]   make a secret for signingKeys({ seal }) or createVault

  --config <file>  module that exports your server; without it, gatewright.config.js
  --json           print JSON
  --yes            do not ask
  --print-secret   print the secret even where no person reads it

exit code  0 done   1 it could not be done, or you said no   2 the command was called wrongly`,
  run: (args, terminal) => runSubcommand(subcommands, args, terminal),
}
