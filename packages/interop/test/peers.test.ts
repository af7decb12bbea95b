// What the suites find at servers that others wrote: a check that finds nothing there where something is known would be worth nothing.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runSuite } from '@gatewright/testkit'
import { everyCheck, findingsPage } from './support/peers/findings-page.ts'
import { peers } from './support/peers/peers.ts'

describe.each(peers)('$name', ({ package: id, version, start, suites, findings }) => {
  it('is the version that was measured', () => {
    const manifest = readFileSync(new URL(`../node_modules/${id}/package.json`, import.meta.url), 'utf8')
    expect((JSON.parse(manifest) as { version: string }).version).toBe(version)
  })

  it('fails exactly these checks', async ({ skip }) => {
    if (id === 'oidc-provider' && 'Deno' in globalThis)
      skip('oidc-provider does not support Deno, where its race among refreshes at once ends otherwise')
    const peer = await start()
    try {
      const checks = everyCheck.filter((check) => suites.some((suite) => check.id.startsWith(suite)))
      const report = await runSuite(peer.target, checks)
      const failed = report.findings.flatMap(({ check, verdict }) =>
        verdict.status === 'failed' ? [{ id: check.id, evidence: verdict.evidence }] : [],
      )
      expect(failed.map(({ id: check }) => check)).toEqual(findings)
      for (const { evidence } of failed) expect(evidence).not.toContain('broke off')
    } finally {
      await peer.stop()
    }
  })
})

it('the guide says what was found', () => {
  const page = readFileSync(new URL('../../../docs/guide/testing-your-server.md', import.meta.url), 'utf8')
  const plain = (text: string) => text.replaceAll(/-{3,}/g, '---').replaceAll(/[ \t]+/g, ' ')
  expect(plain(page)).toContain(plain(findingsPage()))
})
