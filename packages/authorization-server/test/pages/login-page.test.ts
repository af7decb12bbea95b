import { describe, expect, it } from 'vitest'
import { toMarkup } from '../../src/pages/html.ts'
import { loginPage } from '../../src/pages/login-page.ts'
import { formOf } from '../support/browser.ts'

const page = {
  productName: 'Acme',
  clientName: 'Claude Desktop',
  action: 'https://auth.example.com/interaction?request=h4ndle',
  csrf: 'csrf-value',
  username: '',
}
const inputs = (markup: string) =>
  new Map([...markup.matchAll(/<input[^>]*>/g)].map(([input]) => [/name="(\w+)"/.exec(input)?.[1], input]))

describe('the login page', () => {
  it('posts a user name and a password beside the hidden fields', () => {
    const form = formOf(toMarkup(loginPage(page)), 'login')
    expect(form.action).toBe(page.action)
    expect([...form.fields.keys()]).toEqual(['csrf', 'username', 'password'])
  })

  it('says whose password is asked for and what comes next', () => {
    const text = toMarkup(loginPage(page)).replaceAll(/<[^>]*>/g, '')
    expect(text).toContain('Sign in to Acme')
    expect(text).toContain('to continue to Claude Desktop')
  })

  it('says nothing of going on to the product itself', () => {
    expect(toMarkup(loginPage({ ...page, clientName: 'Acme' }))).not.toContain('to continue to')
  })

  it('starts in the first field that is empty', () => {
    const empty = inputs(toMarkup(loginPage(page)))
    expect(empty.get('username')).toContain('autofocus')
    expect(empty.get('password')).not.toContain('autofocus')
    const hinted = inputs(toMarkup(loginPage({ ...page, username: 'alice' })))
    expect(hinted.get('username')).not.toContain('autofocus')
    expect(hinted.get('password')).toContain('autofocus')
  })

  it('lets password managers and screen readers know the fields', () => {
    const markup = toMarkup(loginPage(page))
    expect(inputs(markup).get('username')).toContain('autocomplete="username"')
    expect(inputs(markup).get('password')).toContain('autocomplete="current-password"')
    expect(markup).toContain('<label for="username">')
    expect(markup).toContain('<label for="password">')
  })

  it('announces a failure, ties it to both fields and keeps the user name, never the password', () => {
    const markup = toMarkup(loginPage({ ...page, username: 'alice', failure: 'wrong_password' }))
    expect(markup).toMatch(
      /role="alert"[\s\S]*<div id="login-error">The user name or the password is wrong\.<\/div>/,
    )
    expect(markup).toContain('<title>Error: Sign in')
    for (const name of ['username', 'password'])
      expect(inputs(markup).get(name)).toContain('aria-invalid="true" aria-describedby="login-error"')
    expect(inputs(markup).get('username')).toContain('value="alice"')
    expect(inputs(markup).get('password')).not.toContain('value=')
  })

  it('is calm as long as nothing failed', () => {
    expect(toMarkup(loginPage(page))).not.toMatch(/role="alert"|aria-invalid="/)
  })
})
