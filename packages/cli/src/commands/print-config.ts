import { parseArgs } from 'node:util'
import type { Command } from '../command.ts'
import { serverUrl } from '../server-url.ts'
import { UsageError } from '../usage-error.ts'

interface Connection {
  readonly name: string
  readonly url: string
  readonly clientId: string | undefined
  readonly scopes: string | undefined
}

/** What to put where, by application. */
const applications: Readonly<Record<string, (connection: Connection) => readonly string[]>> = {
  claude: ({ name, url, clientId, scopes }) => [
    'Claude Desktop: add this to claude_desktop_config.json (Settings, Developer, Edit Config), then restart it:',
    '',
    '  macOS    ~/Library/Application Support/Claude/claude_desktop_config.json',
    String.raw`  Windows  %APPDATA%\Claude\claude_desktop_config.json`,
    '  Linux    ~/.config/Claude/claude_desktop_config.json',
    '',
    json({
      mcpServers: {
        [name]: {
          command: 'npx',
          args: ['-y', '@gatewright/cli', 'connect', url],
          ...(clientId === undefined && scopes === undefined
            ? {}
            : {
                env: {
                  ...(clientId === undefined ? {} : { OAUTH_CLIENT_ID: clientId }),
                  ...(scopes === undefined ? {} : { OAUTH_SCOPES: scopes }),
                },
              }),
        },
      },
    }),
    '',
    `Or as a custom connector (Settings, Connectors, Add): ${url}`,
  ],
  'claude-code': ({ name, url, clientId, scopes }) => {
    const port = 29_352
    const oauth = { ...(clientId === undefined ? {} : { clientId, callbackPort: port }), scopes }
    const command =
      scopes === undefined
        ? `claude mcp add --transport http ${clientId === undefined ? '' : `--client-id ${quoted(clientId)} --callback-port ${port} `}${quoted(name)} ${quoted(url)}`
        : // The one way that takes scopes.
          `claude mcp add-json ${quoted(name)} ${quoted(JSON.stringify({ type: 'http', url, oauth }))}`
    return clientId === undefined ? [command] : [command, '', redirect(`http://localhost:${port}/callback`)]
  },
  vscode: ({ name, url, clientId, scopes }) => [
    '.vscode/mcp.json:',
    '',
    json({
      servers: {
        [name]: { type: 'http', url, ...(clientId === undefined ? {} : { oauth: { clientId } }) },
      },
    }),
    ...(clientId === undefined
      ? []
      : ['', redirect('http://127.0.0.1:33418/ (any port) and https://vscode.dev/redirect')]),
    ...(scopes === undefined
      ? []
      : ['', 'VS Code takes no scopes here: it asks for those that the server names.']),
  ],
  cursor: ({ name, url, clientId, scopes }) => [
    '~/.cursor/mcp.json:',
    '',
    json({
      mcpServers: {
        [name]: {
          url,
          ...(clientId === undefined
            ? {}
            : {
                auth: { CLIENT_ID: clientId, ...(scopes === undefined ? {} : { scopes: scopes.split(' ') }) },
              }),
        },
      },
    }),
    ...(scopes !== undefined && clientId === undefined
      ? ['', 'Cursor takes scopes only together with --client-id: it asks for those that the server names.']
      : []),
  ],
  codex: ({ name, url, clientId, scopes }) => [
    `codex mcp add ${quoted(name)} --url ${quoted(url)}${clientId === undefined ? '' : ` --oauth-client-id ${quoted(clientId)}`}`,
    ...(scopes === undefined
      ? []
      : [`codex mcp login ${quoted(name)} --scopes ${quoted(scopes.split(' ').join(','))}`]),
    ...(clientId === undefined ? [] : ['', redirect('http://127.0.0.1/callback (any port)')]),
  ],
}

function redirect(uris: string): string {
  return `Redirect URI to register for the client: ${uris}`
}

/** Prints what makes an application know a server. */
export const printConfig: Command = {
  name: 'print-config',
  summary: 'print what makes Claude, Claude Code, VS Code, Cursor or Codex know a server',
  usage: `gatewright print-config <${Object.keys(applications).join('|')}> <url> [--name <name>] [--client-id <id>] [--scopes <scopes>]`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { name: { type: 'string' }, 'client-id': { type: 'string' }, scopes: { type: 'string' } },
    })
    const [application = '', address] = positionals
    const print = Object.hasOwn(applications, application) ? applications[application] : undefined
    if (print === undefined)
      throw new UsageError(`name the application: ${Object.keys(applications).join(', ')}`)
    const url = serverUrl(address)
    const connection = {
      name: values.name ?? url.hostname.replaceAll(/[^\w-]/g, '-'),
      url: url.href,
      clientId: values['client-id'],
      scopes: values.scopes,
    }
    for (const line of print(connection)) terminal.print(line)
    return 0
  },
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
}

/** A word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
