// The snippet for Bun, started as its comment says: `pnpm test:runtimes bun --project frameworks`
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { at, itAnswers } from './it-answers.ts'
import { startProgram } from './start-program.ts'
import type { Program } from './start-program.ts'

let program: Program

beforeAll(async () => {
  program = await startProgram(['run', '--conditions=@gatewright/source', 'server.ts'], {
    folder: new URL('./snippets/bun/', import.meta.url),
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      KEY_SECRET: 'a secret that only these tests use, of 32 characters',
    },
  })
  return () => program.stop()
})

itAnswers(() => at(program.origin), 'my app')

it('waits for longer than the ten seconds that Bun grants a silent connection by itself', async () => {
  const { hostname, port } = new URL(program.origin)
  const socket = connect(Number(port), hostname)
  const answered = new Promise<string>((resolve, reject) => {
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (answer.includes('"error"')) resolve(answer)
    })
    socket.once('close', () => resolve(answer))
    socket.once('error', reject)
  })
  const body = 'grant_type=authorization_code'
  const headers = [
    'Host: localhost:3000',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
  ]
  socket.write(`POST /token HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`)
  // It looks every four seconds.
  await Promise.race([delay(15_000), answered])
  socket.write(body.slice(5))
  expect(await answered).toMatch(/^HTTP\/1\.1 4\d\d /)
  socket.destroy()
})
