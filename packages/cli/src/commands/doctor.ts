import { parseArgs } from 'node:util'
import type { Command } from '../command.ts'
import { examine } from '../doctor/examine.ts'
import type { Examination } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { createProbe } from '../doctor/probe.ts'
import { printable } from '../printable.ts'
import { serverUrl } from '../server-url.ts'
import type { Terminal } from '../terminal.ts'

/** Says whether the known clients can connect to a server, and what to mend. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'say whether Claude, ChatGPT, VS Code, Cursor and mcp-remote can connect, and what to mend',
  usage: `gatewright doctor <url> [--json] [--timeout <seconds>]

Walks the way that a client takes: the challenge, both metadata documents, registration, CORS.
Nothing is registered and nobody is signed in.

exit code  0 every known client can connect   1 one cannot   2 the command was called wrongly`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, timeout: { type: 'string', default: '10' } },
    })
    const server = serverUrl(positionals[0])
    const examination = await examine(server, createProbe(Number(values.timeout) || 10))
    if (values.json === true) terminal.print(JSON.stringify(examination, undefined, 2))
    else printExamination(examination, terminal)
    return Object.values(examination.clients).some((blocking) => blocking.length > 0) ? 1 : 0
  },
}

const marks = { ok: ['✓', 32], warning: ['!', 33], failure: ['✗', 31] } as const

function printExamination({ server, findings, clients }: Examination, terminal: Terminal): void {
  const paint = (text: string, colour: number) =>
    terminal.colour ? `\u001b[${colour}m${text}\u001b[0m` : text
  const mark = (status: Finding['status']) => paint(marks[status][0], marks[status][1])
  terminal.print(server)
  terminal.print('')
  for (const { status, seen, mend, id } of findings) {
    terminal.print(`  ${mark(status)} ${printable(seen)}`)
    if (mend !== undefined) terminal.print(`    ${mend} (${id})`)
  }
  terminal.print('')
  for (const [client, blocking] of Object.entries(clients))
    terminal.print(
      blocking.length === 0
        ? `  ${mark('ok')} ${client} can connect`
        : `  ${mark('failure')} ${client} cannot connect: ${blocking.join(', ')}`,
    )
}
