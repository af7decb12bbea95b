// A check that cannot fail is worth nothing: each of them meets a server with the one flaw that it is there to find.
import { describe, expect, it } from 'vitest'
import {
  attackChecks,
  authorizationServerChecks,
  quirkChecks,
  resourceServerChecks,
  runSuite,
} from '@gatewright/testkit'
import type { Check } from '@gatewright/testkit'
import { after } from './broken/break.ts'
import type { Break } from './broken/break.ts'
import { attackedServers } from './broken/attacked-servers.ts'
import { brokenAuthorizationServers } from './broken/broken-authorization-servers.ts'
import { brokenExtensions } from './broken/broken-extensions.ts'
import { brokenBoundTokens, brokenProofs } from './broken/broken-proofs.ts'
import { brokenResourceServers } from './broken/broken-resource-servers.ts'
import { quirkyServers } from './broken/quirky-servers.ts'
import { targetByHandler } from './support/target.ts'

describe.each<[string, readonly Check[], Readonly<Record<string, () => Break>>]>([
  ['resource servers', resourceServerChecks, { ...brokenResourceServers, ...brokenBoundTokens }],
  [
    'authorization servers',
    authorizationServerChecks,
    { ...brokenAuthorizationServers, ...brokenExtensions, ...brokenProofs },
  ],
  ['attacked servers', attackChecks, attackedServers],
  ['real clients', quirkChecks, quirkyServers],
])('checks of %s', (_name, checks, broken) => {
  it('have a broken server each', () => {
    expect(Object.keys(broken).toSorted()).toEqual(checks.map(({ id }) => id).toSorted())
  })

  it.each(checks.map((check) => [check.id, check] as const))(
    '%s fails where it should',
    async (id, check) => {
      const flaw = broken[id]
      const { otherResource, ...target } = targetByHandler(flaw?.())
      // Of a server with several resources, it is known only when it was told.
      const told = id === 'quirk.resource-omitted' ? target : { ...target, otherResource }
      const { findings } = await runSuite(told, [check])
      expect(findings.map(({ verdict }) => verdict)).toEqual([
        { status: 'failed', evidence: expect.stringMatching(/^(?!the check broke off)./) },
      ])
    },
  )
})

describe('evidence', () => {
  it('holds no part of a token', async () => {
    const flaw = brokenAuthorizationServers['authorization-server.code-once']?.()
    const secrets: string[] = []
    const seen = after(async (response, { path }) => {
      if (path !== '/token' || response.status !== 200) return undefined
      const body = (await response.json()) as Record<string, string>
      secrets.push(body['access_token'] ?? '', body['refresh_token'] ?? '')
      return undefined
    })
    const checks = authorizationServerChecks.filter(({ id }) => id === 'authorization-server.code-once')
    const target = targetByHandler((handler) => seen(flaw?.(handler) ?? handler))
    const { findings } = await runSuite(target, checks)
    const [{ verdict } = { verdict: undefined }] = findings
    expect(secrets.length).toBeGreaterThan(0)
    expect(verdict).toEqual({ status: 'failed', evidence: expect.stringContaining('"access_token":"[…]"') })
    for (const secret of secrets) expect(JSON.stringify(verdict)).not.toContain(secret.slice(0, 12))
  })
})
