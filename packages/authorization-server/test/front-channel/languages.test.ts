// OpenID Connect Core 1.0 §3.1.2.1: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
import { describe, expect, it } from 'vitest'
import { chinese, consentPage, english, html, spanish } from '@gatewright/authorization-server'
import type { Language } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectPageHeaders } from '../support/expectations.ts'
import { authorizationParameters, authorize, authorizeUrl, logIn } from '../support/flow.ts'
import { issuer, testServer } from '../support/test-server.ts'

const accepting = (language: string) => ({ headers: { 'accept-language': language } })

describe('the language of the pages', () => {
  it('is the one that the client names, through the whole interaction', async () => {
    const browser = createBrowser(testServer().server)
    const login = await authorize(browser, { ui_locales: 'fr es-MX', scope: 'openid read:application' })
    expect(login.body).toContain('<html lang="es">')
    expect(login.body).toContain(spanish.messages.password)
    const failed = await logIn(browser, login.body, 'alice', 'wrong')
    expect(failed.body).toContain(spanish.messages.wrong_password)
    const consent = await logIn(browser, login.body)
    expect(consent.body).toContain(spanish.scopes?.['openid'])
    expect(consent.body).toContain('View applications')
  })

  it('is the one that the browser accepts, where the client names none that there is', async () => {
    const browser = createBrowser(testServer().server)
    const { query } = await authorizationParameters({ ui_locales: 'tlh' })
    const { body } = await browser.send(authorizeUrl(query), accepting('zh-CN,zh;q=0.9,en;q=0.8'))
    expect(body).toContain(`<html lang="zh">`)
    expect(body).toContain(chinese.messages.password)
  })

  it('is chosen for errors and the account as well', async () => {
    const browser = createBrowser(testServer().server)
    const error = await browser.send(`${issuer}/authorize?client_id=nobody&ui_locales=zh`)
    expect(error.body).toContain(chinese.messages.unknown_app_text)
    const account = await browser.send(`${issuer}/account`, accepting('es'))
    expect(account.body).toContain(spanish.messages.signIn)
  })

  it('may be one of the integrator, with scopes described in it', async () => {
    const pirate: Language = {
      tag: 'en-PI',
      messages: { ...english.messages, allow: 'Aye' },
      scopes: { 'read:application': 'Peek at the cargo' },
    }
    const browser = createBrowser(testServer({ pages: { languages: [pirate, english] } }).server)
    const consent = await logIn(browser, (await authorize(browser)).body)
    expectForm(consent, 'consent')
    expect(consent.body).toMatch(/Aye[\s\S]*/)
    expect(consent.body).toContain('Peek at the cargo')
    expect(consent.body).toContain('Change applications')
  })
})

describe('a page of the integrator', () => {
  it('replaces one page, may use ours for a part of it, and is protected like ours', async () => {
    const test = testServer({
      pages: {
        theme: { light: { '--accent': '#0b6e4f' } },
        render: {
          consent: (page) => consentPage({ ...page, productName: `${page.productName} Europe` }),
          error: ({ kind }) => html`<h1>Oh no: ${kind}</h1>`,
        },
      },
    })
    const browser = createBrowser(test.server)
    const login = await authorize(browser)
    expect(login.body).toContain('--accent:#0b6e4f')
    const consent = await logIn(browser, login.body)
    expect(consent.body).toContain('Acme Europe')
    expect(consent.body).toContain('--accent:#0b6e4f')
    const error = await browser.send(`${issuer}/authorize`)
    expect(error.body).toContain('<h1>Oh no: invalid_link</h1>')
    expectPageHeaders(error.response)
  })

  it('cannot come with a theme or a language that does not exist: the server does not start', () => {
    expect(() => testServer({ pages: { theme: { light: { '--accent': 'red}' } } } })).toThrow(TypeError)
    expect(() => testServer({ pages: { languages: [{ ...english, tag: 'no such' }] } })).toThrow(Error)
  })
})
