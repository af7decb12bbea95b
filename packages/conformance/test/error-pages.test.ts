import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { readPublicPackages, readText, root } from '../src/workspace.ts'

interface ThrownError {
  readonly error: string
  readonly code?: string
  readonly message: string
}

const packages = readPublicPackages()
const errorsPage = readText('docs/reference/errors.md')
const rows = [...errorsPage.matchAll(/^\| `([a-z_]+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) => ({
  code,
  status: Number(status),
}))
const source = readText('packages/core/src/oauth-error.ts')

let thrown: readonly ThrownError[]
let messages: string

beforeAll(async () => {
  // The tools of the documentation are JavaScript, so that they run without a build.
  const load = (name: string) => import(pathToFileURL(join(root, 'docs', name)).href)
  const { thrownErrors } = (await load('thrown-errors.mjs')) as {
    thrownErrors: (sources: string) => ThrownError[]
  }
  const { messagesPage } = (await load('messages-page.mjs')) as { messagesPage: (packages: string) => string }
  thrown = packages.flatMap(({ path }) => thrownErrors(join(root, path, 'src')))
  messages = messagesPage(join(root, 'packages'))
})

test('the page about errors has a row for every code that is sent, and for no other', () => {
  const union = /export type OAuthErrorCode =([^]*?)\n\n/.exec(source)?.[1] ?? ''
  const named = [...union.matchAll(/'([a-z_]+)'/g)].map(([, code]) => code)
  const sent = thrown.map(({ code }) => code).filter((code) => /^[a-z_]+$/.test(code ?? ''))
  expect(sent.length).toBeGreaterThan(80)
  expect([...new Set(sent)].filter((code) => !named.includes(code))).toEqual([])
  expect(rows.map(({ code }) => code)).toHaveLength(named.length)
  expect(new Set(rows.map(({ code }) => code))).toEqual(new Set(named))
  const everywhere = packages.flatMap(({ sources }) => sources.map(readText)).join('\n')
  // Once where the type names it, and at least once where it is sent.
  expect(named.filter((code) => everywhere.split(`'${code}'`).length < 3)).toEqual([])
})

test('the page about errors has the status that a code has', () => {
  const statuses = new Map(
    [...source.matchAll(/\['([a-z_]+)', (\d{3})\]/g)].map(([, code, status]) => [code, Number(status)]),
  )
  expect(statuses.size).toBeGreaterThan(3)
  // Said where they are thrown: limits, and proofs at a resource server.
  const elsewhere = new Set(['too_many_requests', 'invalid_dpop_proof', 'use_dpop_nonce'])
  const different = rows.filter(
    ({ code = '', status }) => status !== (statuses.get(code) ?? 400) && !elsewhere.has(code),
  )
  expect(different).toEqual([])
})

test('the page of messages has every message that a source writes out', () => {
  const written = /new (?:TypeError|RangeError|OAuthError)\(\s*(?:'[a-z_]+',\s*)?(?:'([^']+)'|"([^"]+)")/g
  const texts = packages.flatMap(({ sources }) =>
    sources.flatMap((path) =>
      [...readText(path).matchAll(written)].map(([, single, double]) => single ?? double),
    ),
  )
  expect(texts.length).toBeGreaterThan(150)
  expect(texts.filter((text = '') => !messages.includes(text))).toEqual([])
})

test('a message that a function puts together is on the page in one piece', () => {
  expect(messages).toContain('dynamicRegistration needs perDay of at least 1')
  expect(messages).toContain('code_verifier does not match the code_challenge')
  expect(messages).toContain('loginWith needs at least one way to log in')
})
