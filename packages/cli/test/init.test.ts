import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { frameworks, storages } from '../src/init/project-files.ts'
import { runCommand } from './support/run-command.ts'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'gatewright-init-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const read = (...path: readonly string[]) => readFileSync(join(parent, ...path), 'utf8')
const filesOf = (folder: string) =>
  readdirSync(join(parent, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)

describe('gatewright init', () => {
  it('writes a project with secrets of its own, which only its owner can read, and says what to do next', async () => {
    const { code, output } = await runCommand(['init', join(parent, 'My Server')])
    expect(code).toBe(0)
    expect(output).toMatch(/^wrote \d+ files to .*My Server: express, memory\n/)
    for (const line of ['npm install', 'npm start', 'doctor http://localhost:3000/mcp', 'claude mcp add'])
      expect(output).toContain(line)
    expect(JSON.parse(read('My Server', 'package.json'))).toMatchObject({ name: 'my-server', private: true })
    expect(read('My Server', 'src', 'server.ts')).toContain("productName: 'my-server'")
    expect(read('My Server', '.gitignore')).toContain('.env')
    const env = read('My Server', '.env')
    expect(env).toMatch(/^KEY_SECRET=[\w-]{43}\nDEMO_PASSWORD=[\w-]{12}\n$/)
    expect(statSync(join(parent, 'My Server', '.env')).mode & 0o777).toBe(0o600)
    expect(output).not.toContain(/DEMO_PASSWORD=(.*)/.exec(env)?.[1])
    await runCommand(['init', join(parent, 'other')])
    expect(read('other', '.env')).not.toBe(env)
  })

  it.each(frameworks.flatMap((framework) => storages.map((storage) => [framework, storage] as const)))(
    'mounts on %s with %s, depends on what it imports, and leaves no placeholder',
    async (framework, storage) => {
      const args = ['init', join(parent, 'app'), '--framework', framework, '--storage', storage]
      expect((await runCommand(args)).code).toBe(0)
      const { dependencies } = JSON.parse(read('app', 'package.json')) as { dependencies: object }
      const sources = readdirSync(join(parent, 'app', 'src')).map((name) => read('app', 'src', name))
      const imported = sources
        .flatMap((source) => [...source.matchAll(/from '((?:@[^/']+\/)?[^/'.]+)/g)])
        .map(([, name = '']) => name)
        .filter((name) => !name.startsWith('node:'))
      // The SDK is a peer of what binds to it.
      expect(new Set([...imported, '@modelcontextprotocol/server'])).toEqual(
        new Set(Object.keys(dependencies)),
      )
      for (const text of sources) expect(text).not.toContain('{{')
      expect(filesOf('app').filter((name) => name === 'main.ts')).toHaveLength(1)
      expect(existsSync(join(parent, 'app', 'gatewright.config.js'))).toBe(storage === 'sqlite')
    },
  )

  it('overwrites nothing, and writes nothing beside what is there', async () => {
    writeFileSync(join(parent, 'tsconfig.json'), 'mine')
    const { code, notes } = await runCommand(['init', parent])
    expect([code, notes]).toEqual([1, expect.stringContaining('these are there: tsconfig.json')])
    expect([readdirSync(parent), read('tsconfig.json')]).toEqual([['tsconfig.json'], 'mine'])
  })

  it('asks at a terminal for what was not said', async () => {
    const asked: string[] = []
    const ask = async (question: string) => {
      asked.push(question)
      return asked.length === 1 ? ' hono ' : ''
    }
    const { output } = await runCommand(['init', join(parent, 'app')], {}, { shown: true, ask })
    expect(asked).toEqual([
      'framework: express, fastify, hono, node? [express] ',
      'storage: memory, sqlite? [memory] ',
    ])
    expect(output).toContain(': hono, memory')
  })

  it.each([
    [['--framework', 'koa'], 'there is no framework "koa"'],
    [['--storage', 'paper'], 'there is no storage "paper"'],
    [['--name', "x'); evil('"], '--name is made of'],
    [['second'], '"second" is too much'],
  ])('ends with 2 when it is called with %j', async (more, message) => {
    const { code, notes } = await runCommand(['init', join(parent, 'app'), ...more])
    expect([code, notes]).toEqual([2, expect.stringContaining(message)])
    expect(readdirSync(parent)).toEqual([])
  })
})
