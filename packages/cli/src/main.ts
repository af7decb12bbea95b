#!/usr/bin/env node
import { createInterface } from 'node:readline/promises'
import { run } from './run.ts'

// `gatewright … | head` closes the pipe when it has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const code = await run(process.argv.slice(2), {
  env: process.env,
  input: process.stdin,
  print: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  colour: process.stdout.isTTY && !process.env['NO_COLOR'],
  shown: process.stdout.isTTY,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
})
process.exitCode = code
// A connection that a configuration has opened must not keep the program alive; nothing else is waited for.
setTimeout(() => process.exit(code), 500).unref()

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C or the end of the input is an answer too, and never a yes.
  const ended = new Promise<string>((resolve) => void lines.once('close', () => resolve('')))
  const answer = await Promise.race([lines.question(question), ended])
  lines.close()
  return answer
}
