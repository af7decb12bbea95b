import { describe, expect, it } from 'vitest'
import { runCommand } from './support/run-command.ts'

describe('gatewright', () => {
  it.each([[[]], [['--help']], [['help']]])('lists its commands: %j', async (args) => {
    const { code, output } = await runCommand(args)
    for (const name of ['doctor', 'connect', 'print-config']) expect(output).toContain(name)
    expect(code).toBe(0)
  })

  it('ends with 2 at a command that it does not have', async () => {
    const { code, notes } = await runCommand(['doktor'])
    expect([code, notes]).toEqual([2, expect.stringContaining('there is no command "doktor"')])
  })

  it.each(['init', 'doctor', 'attack', 'connect', 'print-config', 'keys', 'clients', 'grants'])(
    '%s says what its exit codes mean',
    async (name) => {
      expect((await runCommand([name, '--help'])).output).toMatch(
        /^exit code +0 .*\b2 the command was called wrongly/ms,
      )
    },
  )

  it('says how a command is used', async () => {
    expect((await runCommand(['connect', '--help'])).output).toContain('OAUTH_CLIENT_ID')
  })
})

describe('gatewright print-config', () => {
  const url = 'https://app.example.com/mcp'
  const jsonOf = (output: string) =>
    JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as unknown

  it('configures Claude Desktop with the client and scopes', async () => {
    const { output } = await runCommand([
      'print-config',
      'claude',
      url,
      '--name',
      'app',
      '--client-id',
      'c',
      '--scopes',
      'a b',
    ])
    for (const path of [
      '~/Library/Application Support/Claude',
      String.raw`%APPDATA%\Claude`,
      '~/.config/Claude',
    ])
      expect(output).toContain(path)
    expect(jsonOf(output)).toEqual({
      mcpServers: {
        app: {
          command: 'npx',
          args: ['-y', '@gatewright/cli', 'connect', url],
          env: { OAUTH_CLIENT_ID: 'c', OAUTH_SCOPES: 'a b' },
        },
      },
    })
  })

  it('offers a connector, which comes from the internet, for no server of this machine', async () => {
    const connector = 'custom connector'
    expect((await runCommand(['print-config', 'claude', url])).output).toContain(connector)
    const local = await runCommand(['print-config', 'claude', 'http://localhost:3000/mcp'])
    expect(local.output).toContain('mcpServers')
    expect(local.output).not.toContain(connector)
  })

  it('quotes for the shell what a user may paste into one', async () => {
    const { output } = await runCommand(['print-config', 'claude-code', url, '--client-id', "x'; rm -rf ~"])
    expect(output.split('\n')[0]).toBe(
      String.raw`claude mcp add --transport http --client-id 'x'\''; rm -rf ~' --callback-port 29352 app-example-com ${url}`,
    )
  })

  const registered = ['--name', 'app', '--client-id', 'c', '--scopes', 'a b']

  it('configures Claude Code with scopes by the command that takes them, and says what to register', async () => {
    const { output } = await runCommand(['print-config', 'claude-code', url, ...registered])
    const [, text = ''] = /^claude mcp add-json app '(.*)'$/m.exec(output) ?? []
    const oauth = { clientId: 'c', callbackPort: 29_352, scopes: 'a b' }
    expect(JSON.parse(text)).toEqual({ type: 'http', url, oauth })
    expect(output).toContain('http://localhost:29352/callback')
  })

  it('configures VS Code and Cursor with a client, as each of them names it', async () => {
    const vscode = await runCommand(['print-config', 'vscode', url, ...registered])
    expect(jsonOf(vscode.output)).toEqual({
      servers: { app: { type: 'http', url, oauth: { clientId: 'c' } } },
    })
    expect(vscode.output).toContain('VS Code takes no scopes here')
    const cursor = await runCommand(['print-config', 'cursor', url, ...registered])
    const auth = { CLIENT_ID: 'c', scopes: ['a', 'b'] }
    expect(jsonOf(cursor.output)).toEqual({ mcpServers: { app: { url, auth } } })
    const without = await runCommand(['print-config', 'cursor', url, '--scopes', 'a'])
    expect(without.output).toContain('only together with --client-id')
  })

  it('configures Codex by its commands, and says what to register', async () => {
    const { output } = await runCommand(['print-config', 'codex', url, ...registered])
    expect(output.split('\n').slice(0, 2)).toEqual([
      `codex mcp add app --url ${url} --oauth-client-id c`,
      'codex mcp login app --scopes a,b',
    ])
    expect(output).toContain('http://127.0.0.1/callback')
    const { output: plain } = await runCommand(['print-config', 'codex', url])
    expect(plain.trim()).toBe(`codex mcp add app-example-com --url ${url}`)
  })

  it('prints JSON for scripts, which says all that the words say', async () => {
    const { output, code } = await runCommand(['print-config', 'claude-code', url, ...registered, '--json'])
    expect([code, JSON.parse(output)]).toEqual([
      0,
      {
        commands: [expect.stringMatching(/^claude mcp add-json app /)],
        redirectUris: ['http://localhost:29352/callback'],
      },
    ])
    const vscode = JSON.parse(
      (await runCommand(['print-config', 'vscode', url, ...registered, '--json'])).output,
    ) as unknown
    expect(vscode).toEqual({
      files: { '': '.vscode/mcp.json' },
      configuration: { servers: { app: { type: 'http', url, oauth: { clientId: 'c' } } } },
      redirectUris: ['http://127.0.0.1:33418/ (any port)', 'https://vscode.dev/redirect'],
      notes: [expect.stringContaining('takes no scopes here')],
    })
  })

  it.each(['vscode', 'cursor'])('configures %s', async (application) => {
    expect((await runCommand(['print-config', application, url])).output).toContain(`"url": "${url}"`)
  })

  it.each(['', 'emacs', '__proto__'])('ends with 2 at the application %j', async (application) => {
    expect((await runCommand(['print-config', application, url])).code).toBe(2)
  })
})
