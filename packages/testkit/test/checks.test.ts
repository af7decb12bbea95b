import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  attackChecks,
  authorizationServerChecks,
  quirkChecks,
  resourceServerChecks,
} from '@gatewright/testkit'

const checks = [...resourceServerChecks, ...authorizationServerChecks, ...attackChecks, ...quirkChecks]
const catalogue = JSON.parse(
  readFileSync(new URL('../../conformance/catalogue.json', import.meta.url), 'utf8'),
) as readonly { readonly rows: readonly { readonly id: string }[] }[]

describe('checks', () => {
  it('have ids of their own', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
  })

  it('name rows that the catalogue has', () => {
    const known = new Set(catalogue.flatMap(({ rows }) => rows.map(({ id }) => id)))
    expect(checks.flatMap(({ rows = [] }) => rows).filter((row) => !known.has(row))).toEqual([])
  })

  it('cite a section', () => {
    const form =
      /^(?:RFC \d{4} §\d+(?:\.\d+)*|OAuth 2\.1 draft-\d+ §[\d.]+|draft-[a-z-]+-\d\d §[\d.]+|OpenID Connect [A-Z][A-Za-z -]+ 1\.0 §[\d.]+|JSON-RPC 2\.0 §[\d.]+|Fetch Standard §[\d.]+|MCP 20\d\d-\d\d-\d\d .+)$/
    expect(checks.map(({ section }) => section).filter((section) => !form.test(section))).toEqual([])
  })
})
