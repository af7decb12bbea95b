import { parseArgs } from 'node:util'
import type { Grant, Selection } from '../administration/administered-server.ts'
import { confirm } from '../administration/confirm.ts'
import { instant, table } from '../administration/table.ts'
import { withServer } from '../administration/with-server.ts'
import type { Command } from '../command.ts'
import { printable } from '../printable.ts'
import { runSubcommand } from '../subcommands.ts'
import type { Subcommands } from '../subcommands.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

const options = {
  config: { type: 'string' },
  user: { type: 'string' },
  client: { type: 'string' },
  session: { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const

const subcommands: Subcommands = {
  async list(args, terminal) {
    const { values } = parseArgs({ args: [...args], options })
    const selection = selected(values)
    const { found, issuer } = await withServer(values.config, async (server) => ({
      found: await server.grants.list(selection),
      issuer: server.issuer,
    }))
    if (values.json === true) terminal.print(JSON.stringify(found, undefined, 2))
    else if (found.length === 0) terminal.note(`there is no such grant at ${issuer}`)
    else printGrants(found, terminal)
    return 0
  },
  async revoke(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const selection = selected(values)
    const [grantId, surplus] = positionals
    if (surplus !== undefined) throw new UsageError(`name one grant; "${surplus}" is too much`)
    if (grantId !== undefined && !('subject' in selection))
      throw new UsageError(
        'a grant is revoked by its id and --user, so that a slip does not end somebody else\u2019s',
      )
    return withServer(values.config, async (server) => {
      const found = (await server.grants.list(selection)).filter(
        (grant) => grantId === undefined || grant.grantId === grantId,
      )
      if (found.length === 0) {
        terminal.note(`there is no such grant at ${server.issuer}`)
        if (values.json === true) terminal.print(JSON.stringify({ revoked: 0 }))
        return grantId === undefined ? 0 : 1
      }
      if (values.yes !== true) printGrants(found, { print: (line) => terminal.note(line) })
      const what = `${found.length === 1 ? 'This ends' : `These ${found.length} end`} at ${server.issuer} with all tokens, and users approve anew.`
      if (!(await confirm(what, values.yes, terminal))) return 1
      const revoked =
        grantId === undefined || !('subject' in selection)
          ? await server.grants.revokeAll(selection)
          : Number(await server.grants.revoke(grantId, selection))
      terminal.print(
        values.json === true
          ? JSON.stringify({ revoked })
          : `revoked ${revoked} ${revoked === 1 ? 'grant' : 'grants'}`,
      )
      return 0
    })
  },
}

function selected({
  user,
  client,
  session,
}: {
  readonly user?: string
  readonly client?: string
  readonly session?: string
}): Selection {
  if (user) return { subject: user, ...(client && { clientId: client }), ...(session && { sid: session }) }
  if (session) throw new UsageError('a session is one of a user: add --user')
  if (client) return { clientId: client }
  throw new UsageError('say whose grants: --user, --client, or --user with --session')
}

function printGrants(found: readonly Grant[], terminal: Pick<Terminal, 'print'>): void {
  const row = (grant: Grant) => [
    grant.grantId,
    grant.subject,
    grant.clientId,
    grant.scope,
    grant.sid ?? '-',
    instant(grant.createdAt),
    instant(grant.lastUsedAt),
  ]
  const titles = ['GRANT', 'USER', 'CLIENT', 'SCOPE', 'SESSION', 'APPROVED', 'LAST USED']
  for (const line of table(titles, found.map(row))) terminal.print(printable(line))
}

/** Lists and revokes what users approved. */
export const grants: Command = {
  name: 'grants',
  summary: 'list and revoke what users of your server approved, by user, client or session',
  usage: `gatewright grants list   --user <user> | --client <client> | --user <user> --session <session>
gatewright grants revoke --user <user> | --client <client> | --user <user> --session <session>
gatewright grants revoke <grant> --user <user>

  --config <file>  module that exports your server; without it, gatewright.config.js
  --json           print JSON
  --yes            do not ask

exit code  0 done   1 it could not be done, or you said no   2 the command was called wrongly`,
  run: (args, terminal) => runSubcommand(subcommands, args, terminal),
}
