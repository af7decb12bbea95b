// The snippet for Deno, started as its comment says: `pnpm test:runtimes deno --project frameworks`
import { beforeAll } from 'vitest'
import { at, itAnswers } from './it-answers.ts'
import { startProgram } from './start-program.ts'
import type { Program } from './start-program.ts'

let program: Program

beforeAll(async () => {
  const where = ['--host', '127.0.0.1', '--port', '0']
  const offline = ['--no-remote', '--no-lock', '--conditions=@gatewright/source']
  program = await startProgram(['serve', ...where, ...offline, '--allow-net', '--allow-env', 'server.ts'], {
    folder: new URL('./snippets/deno/', import.meta.url),
    env: { KEY_SECRET: 'a secret that only these tests use, of 32 characters' },
  })
  return () => program.stop()
})

itAnswers(() => at(program.origin), 'my app')
