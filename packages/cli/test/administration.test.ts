import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAdministered } from './support/administered.ts'
import type { Administered } from './support/administered.ts'
import { runCommand } from './support/run-command.ts'
import type { Sitter } from './support/run-command.ts'

let at: Administered
beforeEach(async () => {
  at = await startAdministered()
})
afterEach(() => at.close())

const call = (args: readonly string[], sitter?: Sitter) =>
  runCommand([...args, '--config', at.config], {}, sitter)
const says = (answer: string): Sitter => ({ shown: true, ask: async () => answer })

describe('gatewright keys', () => {
  it('lists, rotates and retires, and closes what the configuration opened', async () => {
    const { output, code } = await call(['keys', 'list'])
    expect(code).toBe(0)
    expect(output).toMatch(
      /^KEY +ALGORITHM +STATE +SIGNS FROM +UNTIL +PUBLISHED UNTIL\n\S{43} +ES256 +signing/,
    )
    expect(output).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC$/)
    expect((await call(['keys', 'rotate'])).output).toMatch(/^key \S{43} is published, and signs from /)
    const [old] = await at.server.keys.list()
    const { output: retired } = await call(['keys', 'retire', old?.kid ?? '', '--yes'])
    expect(retired).toContain(`key ${old?.kid} is retired`)
    const { output: json } = await call(['keys', 'list', '--json'])
    const kids = (JSON.parse(json) as { kid: string }[]).map(({ kid }) => kid)
    expect(kids).not.toContain(old?.kid)
    expect((await at.server.jwks()).keys.map((key) => (key as { kid?: string }).kid)).toEqual(kids)
    expect(at.closed()).toBe(4)
  })

  it('asks before it retires a key, and does nothing without a yes', async () => {
    const [key] = await at.server.keys.list()
    const asked: string[] = []
    const ask = async (question: string) => {
      asked.push(question)
      return 'no'
    }
    const { code, notes } = await call(['keys', 'retire', key?.kid ?? ''], { ask, shown: true })
    expect([code, notes]).toEqual([1, 'nothing was changed'])
    expect(asked[0]).toContain('a new key signs from now on')
    expect((await at.server.keys.list())[0]?.kid).toBe(key?.kid)
    const { code: unattended, notes: why } = await call(['keys', 'retire', key?.kid ?? ''])
    expect([unattended, why]).toEqual([2, expect.stringContaining('add --yes')])
    expect((await call(['keys', 'retire', 'nobody', '--yes'])).code).toBe(1)
  })

  it('takes an id that begins like an option', async () => {
    for (const kid of [`-${'E'.repeat(42)}`, `--${'E'.repeat(41)}`])
      expect((await call(['keys', 'retire', kid, '--yes'])).notes).toContain(`publishes no key ${kid}`)
    const sid = `-${'s'.repeat(42)}`
    expect((await call(['grants', 'list', '--session', sid, '--user', 'alice'])).code).toBe(0)
  })

  it('makes a secret that a seal takes, and prints it to no file unless told to', async () => {
    const refused = await runCommand(['keys', 'secret'])
    expect([refused.code, refused.output]).toEqual([2, ''])
    const { output } = await runCommand(['keys', 'secret', '--print-secret'])
    expect(output).toMatch(/^[\w-]{43}$/)
    expect((await runCommand(['keys', 'secret'], {}, says(''))).output).toMatch(/^[\w-]{43}$/)
  })
})

describe('gatewright clients', () => {
  it('lists and shows them, with no control character of theirs', async () => {
    const { output } = await call(['clients', 'list'])
    expect(output).toMatch(/^editor +Ed\uFFFD\[2Jitor +you +none +enabled$/m)
    expect(output).toMatch(/^reports +- +you +client_secret_basic +enabled$/m)
    const { output: shown } = await call(['clients', 'show', 'reports'])
    expect(shown).toMatch(/^authentication +client_secret_basic$/m)
    expect(JSON.parse((await call(['clients', 'show', 'editor', '--json'])).output)).toMatchObject({
      clientId: 'editor',
    })
    const unknown = await call(['clients', 'show', 'nobody'])
    expect([unknown.code, unknown.notes]).toEqual([1, expect.stringContaining('there is no client nobody')])
  })

  it('rotates a secret, which is the whole output, and ends the others when told to', async () => {
    const nowhere = await call(['clients', 'rotate-secret', 'reports'])
    expect([nowhere.code, nowhere.notes]).toEqual([2, expect.stringContaining('--print-secret')])
    expect(await at.knows('reports', 'reports-secret')).toBe(true)
    const { output } = await call(['clients', 'rotate-secret', 'reports', '--print-secret'])
    expect(await at.knows('reports', output)).toBe(true)
    expect(await at.knows('reports', 'reports-secret')).toBe(true)
    const declined = await call(['clients', 'rotate-secret', 'reports', '--overlap', '0'], says('n'))
    expect([declined.code, declined.output]).toEqual([1, ''])
    const last = await call(['clients', 'rotate-secret', 'reports', '--overlap', '0'], says('yes'))
    expect(await at.knows('reports', output)).toBe(false)
    expect(await at.knows('reports', last.output)).toBe(true)
    expect((await call(['clients', 'rotate-secret', 'reports', '--overlap', '-1'])).code).toBe(2)
    const publicClient = await call(['clients', 'rotate-secret', 'editor', '--print-secret'])
    expect([publicClient.code, publicClient.notes]).toEqual([1, expect.stringContaining('has no secret')])
  })

  it('disables and enables one', async () => {
    await at.approve('editor')
    expect((await call(['clients', 'disable', 'editor'])).code).toBe(2)
    expect((await call(['clients', 'disable', 'editor'], says('y'))).output).toBe('editor is disabled')
    expect(await at.server.grants.list({ clientId: 'editor' })).toEqual([])
    expect((await call(['clients', 'list'])).output).toMatch(/^editor .*disabled$/m)
    expect((await call(['clients', 'enable', 'editor'])).code).toBe(0)
    expect((await call(['clients', 'enable', 'editor'])).code).toBe(1)
  })

  it('writes the entry of a new one, which the server takes', async () => {
    const args = ['clients', 'add', "it's", '--secret', '--grant', 'client_credentials', '--scope', 'read']
    expect((await runCommand(args)).code).toBe(2)
    const { output } = await runCommand([...args, '--print-secret'])
    const [, entry = '', secret] = /^(\{[^]*\}),\n(\S+)$/.exec(output) ?? []
    expect(entry).toContain(String.raw`client_id: 'it\'s'`)
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(entry).not.toContain(secret)
    expect((await runCommand(['clients', 'add', 'web'])).notes).toContain('say what it is for')
    expect((await runCommand(['clients', 'add', 'web', '--redirect-uri', 'x'])).code).toBe(2)
    const { output: web } = await runCommand([
      'clients',
      'add',
      'web',
      '--redirect-uri',
      'https://a.example/cb',
    ])
    expect(web).toBe("{\n  client_id: 'web',\n  redirect_uris: ['https://a.example/cb'],\n},")
  })
})

describe('gatewright grants', () => {
  it('lists and revokes them by user, client and session', async () => {
    const grantId = await at.approve('editor')
    const { output } = await call(['grants', 'list', '--user', 'alice'])
    expect(output).toContain('GRANT')
    expect(output).toMatch(new RegExp(`^${grantId} +alice +editor +read +\\S+ +\\d{4}-.* UTC +-$`, 'm'))
    const { output: json } = await call(['grants', 'list', '--client', 'editor', '--json'])
    const [grant] = JSON.parse(json) as { grantId: string; sid: string }[]
    expect(grant?.grantId).toBe(grantId)
    const other = await call(['grants', 'revoke', '--user', 'alice', '--session', 'another', '--yes'])
    expect([other.code, other.notes]).toEqual([0, `there is no such grant at ${at.server.issuer}`])
    const declined = await call(['grants', 'revoke', '--client', 'editor'], says(''))
    expect([declined.code, declined.notes]).toEqual([1, expect.stringContaining(grantId)])
    const bySession = ['grants', 'revoke', '--user', 'alice', '--session', grant?.sid ?? '']
    expect((await call([...bySession, '--yes'])).output).toBe('revoked 1 grant')
    expect(await at.server.grants.list({ subject: 'alice' })).toEqual([])
  })

  it('revokes one by its id and its user, and no other', async () => {
    const grantId = await at.approve('editor')
    const kept = await at.approve('reports')
    expect((await call(['grants', 'revoke', grantId, '--client', 'editor', '--yes'])).code).toBe(2)
    expect((await call(['grants', 'revoke', grantId, '--user', 'bob', '--yes'])).code).toBe(1)
    const { output } = await call(['grants', 'revoke', grantId, '--user', 'alice', '--yes', '--json'])
    expect(JSON.parse(output)).toEqual({ revoked: 1 })
    expect((await at.server.grants.list({ subject: 'alice' })).map((grant) => grant.grantId)).toEqual([kept])
  })

  it.each([[[]], [['--session', 's']]])('wants to know whose: %j', async (args) => {
    const { code, notes } = await call(['grants', 'list', ...args])
    expect([code, notes]).toEqual([2, expect.stringContaining('--user')])
  })
})

describe('the configuration', () => {
  const write = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatewright-cli-config-'))
    const file = join(folder, 'gatewright.config.mjs')
    writeFileSync(file, text)
    return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
  }

  it('is asked for by an example of it', async () => {
    const { code, notes } = await runCommand(['keys', 'list'])
    expect([code, notes]).toEqual([2, expect.stringContaining('// gatewright.config.js\n')])
    expect((await runCommand(['keys', 'list', '--config', 'nowhere.js'])).notes).toContain('there is no /')
  })

  it.each([
    ['export const server = {}', 2, 'must export `server`'],
    ["throw new Error('no DATABASE_URL')", 1, 'cannot be loaded: no DATABASE_URL'],
    ['export const server = {', 1, 'cannot be loaded'],
  ])('says what is wrong with %j', async (text, exit, message) => {
    const { file, remove } = write(text)
    const { code, notes } = await runCommand(['keys', 'list', '--config', file])
    expect([code, notes]).toEqual([exit, expect.stringContaining(message)])
    remove()
  })

  it.each(['keys', 'clients', 'grants'])('%s says what it can do', async (name) => {
    const { code, notes } = await runCommand([name])
    expect([code, notes]).toEqual([2, expect.stringContaining('say one of: list')])
    expect((await runCommand([name, 'constructor'])).code).toBe(2)
    expect((await runCommand([name, '--help'])).output).toContain('exit code')
  })
})
