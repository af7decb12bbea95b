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

  it('says how a command is used', async () => {
    expect((await runCommand(['connect', '--help'])).output).toContain('OAUTH_CLIENT_ID')
  })
})

describe('gatewright print-config', () => {
  const url = 'https://app.example.com/mcp'

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
    const config = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as unknown
    expect(config).toEqual({
      mcpServers: {
        app: {
          command: 'npx',
          args: ['-y', '@gatewright/cli', 'connect', url],
          env: { OAUTH_CLIENT_ID: 'c', OAUTH_SCOPES: 'a b' },
        },
      },
    })
  })

  it('quotes for the shell what a user may paste into one', async () => {
    const { output } = await runCommand(['print-config', 'claude-code', url, '--client-id', "x'; rm -rf ~"])
    expect(output).toBe(
      String.raw`claude mcp add --transport http --client-id 'x'\''; rm -rf ~' --callback-port 29352 app-example-com ${url}`,
    )
  })

  it.each(['vscode', 'cursor'])('configures %s', async (application) => {
    expect((await runCommand(['print-config', application, url])).output).toContain(`"url": "${url}"`)
  })

  it.each(['', 'emacs', '__proto__'])('ends with 2 at the application %j', async (application) => {
    expect((await runCommand(['print-config', application, url])).code).toBe(2)
  })
})
