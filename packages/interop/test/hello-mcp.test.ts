// The smallest example: it starts, tells the password, and serves its tool to whoever signs in with it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleProgram } from './support/bundle-program.ts'
import type { BundledProgram, RunningProgram } from './support/bundle-program.ts'
import { freePort } from './support/listen.ts'
import { namedLines } from './support/mcp-client-lines.ts'
import { createMcpSession } from './support/mcp-session.ts'

describe('hello-mcp', () => {
  let program: BundledProgram
  let running: RunningProgram
  let resource: string
  let password: string
  beforeAll(async () => {
    program = await bundleProgram('main', 'hello-mcp')
    const port = await freePort()
    running = program.start({ PORT: String(port) })
    await running.printed(/password/)
    resource = /http:\S+\/mcp/.exec(running.output())?.[0] ?? ''
    password = /password (\S+)/.exec(running.output())?.[1] ?? ''
  })
  afterAll(async () => {
    running.terminate()
    await running.outcome
    program.remove()
  })

  it.each(namedLines)('greets somebody who signed in, through %s', async (_name, line) => {
    const session = createMcpSession(line, resource, { person: { name: 'ada', password } })
    await session.connect()
    expect(await session.toolNames()).toEqual(['hello'])
    const { content } = await session.run(() =>
      session.client.callTool({ name: 'hello', arguments: { name: 'Grace' } }),
    )
    expect(content).toEqual([{ type: 'text', text: 'Hello Grace, says ada' }])
    await session.close()
  })

  it('lets nobody in with another password', async () => {
    const [, line] = namedLines[0] ?? []
    if (line === undefined) throw new Error('no client')
    const session = createMcpSession(line, resource, { person: { name: 'ada', password: `${password}x` } })
    await expect(session.connect()).rejects.toThrow('the browser stays on this page')
  })
})
