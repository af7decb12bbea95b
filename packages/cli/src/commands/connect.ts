import { parseArgs } from 'node:util'
import type { Command } from '../command.ts'
import { startCallbackServer } from '../connect/callback-server.ts'
import { credentialDirectory, credentialFile } from '../connect/credential-file.ts'
import { openBrowser } from '../connect/open-browser.ts'
import { relay } from '../connect/relay.ts'
import { createSignIn } from '../connect/sign-in.ts'
import { splitLines } from '../connect/split-lines.ts'
import { serverUrl } from '../server-url.ts'
import { UsageError } from '../usage-error.ts'

/** Lets an application that starts its MCP servers as programs use one that is reached over HTTP. */
export const connect: Command = {
  name: 'connect',
  summary: 'let an application that starts programs, such as Claude Desktop, use a server over HTTP',
  usage: `gatewright connect <url> [--callback-port <port>] [--no-browser] [--forget]

Reads MCP messages from standard input and writes them to standard output. Signs the user in with the browser when
the server asks for it, refreshes tokens, and asks for more scopes when a tool needs them.

  OAUTH_CLIENT_ID      client that was registered beforehand; without it, the program registers itself
  OAUTH_CLIENT_SECRET  its secret, where it has one
  OAUTH_SCOPES         scopes to ask for; without it, those that the server names
  GATEWRIGHT_HOME      directory of the credentials, which only the user can read

  --callback-port      port of http://127.0.0.1:<port>/callback; without it, any free one
  --no-browser         print the address of the sign-in page only
  --forget             remove the credentials for this server, and stop

exit code  0 the application closed the connection, or all is forgotten   1 the callback port is in use
           2 the command was called wrongly`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'callback-port': { type: 'string' },
        'no-browser': { type: 'boolean' },
        forget: { type: 'boolean' },
      },
    })
    const server = serverUrl(positionals[0])
    const { env } = terminal
    const clientId = env['OAUTH_CLIENT_ID'] || undefined
    const credentials = credentialFile(credentialDirectory(env), server.href, clientId)
    if (values.forget === true) {
      credentials.remove()
      terminal.note(`forgot ${server.href}`)
      return 0
    }
    const callbacks = await listen(values['callback-port'], savedPort(credentials.read().client))
    const signIn = createSignIn({
      server,
      credentials,
      callbacks,
      clientId,
      clientSecret: env['OAUTH_CLIENT_SECRET'] || undefined,
      scopes: env['OAUTH_SCOPES']?.trim() || undefined,
      open(url) {
        terminal.note(`sign in at ${url.href}`)
        if (values['no-browser'] !== true) openBrowser(url)
      },
    })
    try {
      await relay({
        server,
        signIn,
        lines: splitLines(terminal.input),
        write: (line) => terminal.print(line),
        note: (text) => terminal.note(text),
      })
    } finally {
      callbacks.close()
    }
    return 0
  },
}

/** The port that the client registered with: not every server lets it vary. */
function savedPort(client: Readonly<Record<string, unknown>> | undefined): number {
  const [uri] = Array.isArray(client?.['redirect_uris']) ? (client['redirect_uris'] as unknown[]) : []
  return typeof uri === 'string' && URL.canParse(uri) ? Number(new URL(uri).port) : 0
}

async function listen(named: string | undefined, saved: number) {
  if (named !== undefined) {
    const port = Number(named)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError(`"${named}" is no port`)
    return startCallbackServer(port)
  }
  return startCallbackServer(saved).catch(() => startCallbackServer(0))
}
