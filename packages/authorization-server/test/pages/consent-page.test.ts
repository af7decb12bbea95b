import { describe, expect, it } from 'vitest'
import { consentPage } from '../../src/pages/consent-page.ts'
import type { ConsentPage } from '../../src/pages/consent-page.ts'
import { toMarkup } from '../../src/pages/html.ts'
import { formOf } from '../support/browser.ts'
import { consentOfClaude } from './support/sample-pages.ts'

const markupOf = (overrides: Partial<ConsentPage> = {}) =>
  toMarkup(consentPage({ ...consentOfClaude, ...overrides }))
const textOf = (overrides: Partial<ConsentPage> = {}) =>
  markupOf(overrides)
    .replaceAll(/<(style|title)>[^<]*<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')

const identity = ['openid', 'profile', 'email'].map((name) => ({ name, description: `know ${name}` }))

describe('the consent page', () => {
  it('posts the hidden fields and one ticked checkbox per scope', () => {
    const form = formOf(markupOf(), 'consent')
    expect(form.action).toBe(consentOfClaude.action)
    expect([...form.fields]).toEqual([
      ['csrf', 'csrf-value'],
      ['scope', 'read:application'],
      ['scope', 'write:application'],
    ])
  })

  it('has two buttons, of which Enter presses the one that denies', () => {
    const form = /<form id="consent"[\s\S]*<\/form>/.exec(markupOf())?.[0] ?? ''
    const buttons = [...form.matchAll(/<button[^>]*>/g)].map(([button]) => button)
    expect(buttons).toHaveLength(2)
    expect(buttons[0]).toContain('type="submit" name="decision" value="deny"')
    expect(buttons[1]).toContain('type="submit" name="decision" value="approve"')
    expect(markupOf()).not.toContain('autofocus')
  })

  it('CO-26 names the app, the user, the host and how access ends', () => {
    const text = textOf({ lifetime: 7_776_000 })
    expect(text).toContain('Claude Desktop wants access to your Acme account')
    expect(text).toContain('You are signed in as Alice.')
    expect(text).toContain('You will be sent to claude.ai')
    expect(text).toMatch(/After 90 days at most, or as soon as you disconnect it under “Connected apps”/)
    expect(textOf()).toMatch(/Access ends As soon as you disconnect it/)
  })

  it('CO-26 marks an app that registered itself as not verified, and no other', () => {
    expect(textOf({ verified: false })).toContain(
      'This app is not verified. It registered itself, and Acme has not',
    )
    expect(textOf()).not.toContain('verified')
    expect(textOf()).not.toContain('registered itself')
  })

  it('CO-27 marks an app that took the name of the product as not verified', () => {
    expect(textOf({ clientName: 'Acme', verified: false })).toContain('This app is not verified.')
  })

  it('warns when the answer goes to a program on the device, and only then', () => {
    const warning =
      'This app runs on this device. Continue only if you have just started connecting it yourself.'
    const text = textOf({ loopback: true, redirectHost: '127.0.0.1:51004' })
    expect(text).toContain(warning)
    expect(text).toContain('127.0.0.1:51004 (this device)')
    expect(textOf()).not.toContain('this device')
    expect(textOf({ loopback: true, verified: false })).toMatch(/not verified\.[\s\S]*runs on this device\./)
  })

  it('tells what an app may do apart from what it gets to know', () => {
    const offline = { name: 'offline_access', description: 'Stay connected' }
    const text = textOf({ scopes: [...identity, ...consentOfClaude.scopes, offline] })
    expect(text).toMatch(
      /What it may do View applications Change applications Stay connected What it may know about you know openid know profile know email/,
    )
    expect(textOf()).not.toContain('about you')
    expect(textOf({ scopes: identity })).not.toContain('What it may do')
  })

  it('explains the checkboxes when there is something to choose', () => {
    expect(textOf()).toContain('Untick what you do not want to allow.')
    expect(textOf({ scopes: consentOfClaude.scopes.slice(0, 1) })).not.toContain('Untick')
  })
})
