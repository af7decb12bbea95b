import type { Connection, SetUp } from './set-up.ts'

/** How each application comes to know a server. */
export const applications: Readonly<Record<string, (connection: Connection) => SetUp>> = {
  claude: ({ name, url, clientId, scopes }) => ({
    hint: 'Claude Desktop: add this to claude_desktop_config.json (Settings, Developer, Edit Config), then restart it:',
    files: {
      macOS: '~/Library/Application Support/Claude/claude_desktop_config.json',
      Windows: String.raw`%APPDATA%\Claude\claude_desktop_config.json`,
      Linux: '~/.config/Claude/claude_desktop_config.json',
    },
    configuration: {
      mcpServers: {
        [name]: {
          command: 'npx',
          args: ['-y', '@gatewright/cli', 'connect', url],
          ...(clientId === undefined && scopes === undefined
            ? {}
            : { env: defined({ OAUTH_CLIENT_ID: clientId, OAUTH_SCOPES: scopes }) }),
        },
      },
    },
    // A connector comes from Anthropic's network, which reaches no http: that is for this machine alone.
    ...(url.startsWith('https:')
      ? { notes: [`Or as a custom connector (Settings, Connectors, Add): ${url}`] }
      : {}),
  }),
  'claude-code': ({ name, url, clientId, scopes }) => {
    const port = 29_352
    const oauth = { ...(clientId === undefined ? {} : { clientId, callbackPort: port }), scopes }
    const command =
      scopes === undefined
        ? `claude mcp add --transport http ${clientId === undefined ? '' : `--client-id ${quoted(clientId)} --callback-port ${port} `}${quoted(name)} ${quoted(url)}`
        : // The one way that takes scopes.
          `claude mcp add-json ${quoted(name)} ${quoted(JSON.stringify({ type: 'http', url, oauth }))}`
    return {
      commands: [command],
      ...(clientId === undefined ? {} : { redirectUris: [`http://localhost:${port}/callback`] }),
    }
  },
  vscode: ({ name, url, clientId, scopes }) => ({
    files: { '': '.vscode/mcp.json' },
    configuration: {
      servers: { [name]: { type: 'http', url, ...(clientId === undefined ? {} : { oauth: { clientId } }) } },
    },
    ...(clientId === undefined
      ? {}
      : { redirectUris: ['http://127.0.0.1:33418/ (any port)', 'https://vscode.dev/redirect'] }),
    ...(scopes === undefined
      ? {}
      : { notes: ['VS Code takes no scopes here: it asks for those that the server names.'] }),
  }),
  cursor: ({ name, url, clientId, scopes }) => ({
    files: { '': '~/.cursor/mcp.json' },
    configuration: {
      mcpServers: {
        [name]: {
          url,
          ...(clientId === undefined
            ? {}
            : { auth: defined({ CLIENT_ID: clientId, scopes: scopes?.split(' ') }) }),
        },
      },
    },
    ...(scopes !== undefined && clientId === undefined
      ? {
          notes: [
            'Cursor takes scopes only together with --client-id: it asks for those that the server names.',
          ],
        }
      : {}),
  }),
  codex: ({ name, url, clientId, scopes }) => ({
    commands: [
      `codex mcp add ${quoted(name)} --url ${quoted(url)}${clientId === undefined ? '' : ` --oauth-client-id ${quoted(clientId)}`}`,
      ...(scopes === undefined
        ? []
        : [`codex mcp login ${quoted(name)} --scopes ${quoted(scopes.split(' ').join(','))}`]),
    ],
    ...(clientId === undefined ? {} : { redirectUris: ['http://127.0.0.1/callback (any port)'] }),
  }),
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** A word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
