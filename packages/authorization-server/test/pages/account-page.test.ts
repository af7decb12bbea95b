import { describe, expect, it } from 'vitest'
import { accountPage } from '../../src/pages/account-page.ts'
import { toMarkup } from '../../src/pages/html.ts'

const client = {
  grantId: 'g1',
  name: 'Claude',
  verified: true,
  scopes: [{ name: 'read:application', description: 'View applications' }],
  since: Date.parse('2026-01-01'),
}
const page = {
  productName: 'Acme',
  userName: 'Alice',
  action: 'https://auth.example.com/account',
  csrf: 'csrf-value',
  clients: [client, { ...client, grantId: 'g2', name: 'mcp-remote', verified: false }],
}
const textOf = (markup: string) => markup.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ')

describe('the account page', () => {
  it('gives each app a form with its own grant and a button that says which app it ends', () => {
    const sections = [...toMarkup(accountPage(page)).matchAll(/<section[\s\S]*?<\/section>/g)].map(
      ([text]) => text,
    )
    expect(sections).toHaveLength(2)
    expect(sections[0]).toContain('name="grant" value="g1"')
    expect(textOf(/<button[\s\S]*<\/button>/.exec(sections[0] ?? '')?.[0] ?? '').trim()).toBe(
      'Disconnect Claude',
    )
    expect(sections[1]).toContain('name="grant" value="g2"')
    expect(textOf(sections[0] ?? '')).not.toContain('Not verified')
    expect(textOf(sections[1] ?? '')).toContain('Connected on January 1, 2026 Not verified')
  })

  it('says so when no app has access', () => {
    expect(textOf(toMarkup(accountPage({ ...page, clients: [] })))).toContain(
      'No app has access to your Acme account.',
    )
  })

  it('offers to sign out in a form of its own', () => {
    const form = /<form id="sign-out"[\s\S]*?<\/form>/.exec(toMarkup(accountPage(page)))?.[0] ?? ''
    expect(form).toContain('name="csrf" value="csrf-value"')
    expect(form).toContain('name="decision" value="sign-out"')
    expect(form).not.toContain('name="grant"')
  })
})
