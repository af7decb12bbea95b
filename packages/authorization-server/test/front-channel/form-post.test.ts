// OAuth 2.0 Form Post Response Mode: https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
import { describe, expect, it } from 'vitest'
import { chinese, english, html, spanish } from '@gatewright/authorization-server'
import type { PageRenderers } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import type { Landing } from '../support/browser.ts'
import { expectPageHeaders, expectRedirectError } from '../support/expectations.ts'
import {
  approve,
  authorize,
  authorizationParameters,
  authorizeUrl,
  logIn,
  redeem,
  redirectUri,
} from '../support/flow.ts'
import { issuer, testServer } from '../support/test-server.ts'

const enabled = { responseModes: ['query', 'form_post'] } as const
const hard = '"><script>alert(1)</script><form action="https://evil.example">&amp;\'é'

/** The form that a page posts: where to, and what. */
function postedForm({ body, response }: Landing) {
  expect(response.status).toBe(200)
  expect(response.headers.get('location')).toBeNull()
  const forms = [...body.matchAll(/<form method="post" action="([^"]*)">/g)]
  expect(forms).toHaveLength(1)
  const fields = [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)" \/>/g)].map(
    ([, name = '', value = '']) => [name, unescape(value)],
  )
  return { action: forms[0]?.[1], fields: Object.fromEntries(fields) as Record<string, string> }
}

const unescape = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe('an answer in a form', () => {
  it('CO-24 goes to the validated URI only, with every field escaped', async () => {
    const test = testServer(enabled)
    const browser = createBrowser(test.server)
    const { query, verifier } = await authorizationParameters({ response_mode: 'form_post', state: hard })
    const consent = await logIn(browser, (await browser.send(authorizeUrl(query))).body)
    const landing = await approve(browser, consent.body)
    const { action, fields } = postedForm(landing)
    expect(action).toBe(redirectUri)
    expect(fields).toEqual({ code: expect.any(String), state: hard, iss: issuer })
    expect(landing.body.match(/<script/g)).toHaveLength(1)
    expect(landing.body).not.toContain('alert(1)</script>')
    expect((await redeem(test, { code: fields.code ?? '', verifier })).status).toBe(200)
  })

  it('CO-24 runs the one script that its policy names, and may not be framed or kept', async () => {
    const test = testServer(enabled)
    const { body, response } = await authorize(createBrowser(test.server), {
      response_mode: 'form_post',
      scope: 'nope',
    })
    const [, script = ''] = /<script>([^<]*)<\/script>/.exec(body) ?? []
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script))
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`script-src 'sha256-${hash}'`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('form-action')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(postedForm({ body, response, location: undefined })).toEqual({
      action: redirectUri,
      fields: {
        error: 'invalid_scope',
        error_description: expect.any(String),
        state: 'state-1',
        iss: issuer,
      },
    })
  })

  it.each([english, chinese, spanish])(
    'speaks $tag, in an answer and in a refusal',
    async ({ tag, messages }) => {
      const test = testServer({ ...enabled, pages: { theme: { light: { '--accent': '#0b6e4f' } } } })
      const browser = createBrowser(test.server)
      const asked = { response_mode: 'form_post', ui_locales: tag }
      const refused = await authorize(browser, { ...asked, scope: 'nope' })
      const login = await authorize(browser, asked)
      const answered = await approve(browser, (await logIn(browser, login.body)).body)
      for (const { body, response } of [refused, answered]) {
        expectPageHeaders(response)
        expect(body).toContain(`<html lang="${tag}">`)
        expect(body).toContain(`<button class="primary" type="submit">${messages.continue}</button>`)
        expect(body).toContain(messages.goingBack.replace('{client}', '<bdi>Claude Desktop</bdi>'))
        expect(body).toContain('#0b6e4f')
      }
    },
  )

  it('may be a page of the integrator, with the same one script', async () => {
    const formPost: PageRenderers['formPost'] = ({ action, submit }) =>
      html`<form method="post" action="${action}">Ours</form>
        ${submit}
        <script>
          alert(1)
        </script>`
    const test = testServer({ ...enabled, pages: { render: { formPost } } })
    const asked = { response_mode: 'form_post', scope: 'nope' }
    const { body, response } = await authorize(createBrowser(test.server), asked)
    expect(body).toMatch(/Ours<\/form>\s*<script>document.forms\[0\].submit\(\)<\/script>/)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy.match(/script-src [^;]*/)?.[0].match(/sha256-/g)).toHaveLength(1)
    expect(policy).not.toContain('unsafe')
  })

  it('CO-24 is in the metadata when it is enabled, and refused in the query when it is not (AZ-15)', async () => {
    expect(await testServer(enabled).server.metadata()).toMatchObject({
      response_modes_supported: ['query', 'form_post'],
    })
    const browser = createBrowser(testServer().server)
    expectRedirectError(await authorize(browser, { response_mode: 'form_post' }), 'invalid_request')
  })

  it('cannot be posted to an app that is opened by its own scheme', async () => {
    const to = 'com.example.app:/oauth2redirect'
    const parameters = { client_id: 'pub', redirect_uri: to, response_mode: 'form_post' }
    const browser = createBrowser(testServer(enabled).server)
    expectRedirectError(await authorize(browser, parameters), 'invalid_request', { to })
  })

  it('is no mode that a misspelt option enables', () => {
    expect(() => testServer({ responseModes: ['from_post' as 'form_post'] })).toThrow(TypeError)
  })
})

describe('a code challenge', () => {
  it('PK-18 that is used for several codes is allowed, and reported', async () => {
    const test = testServer()
    const { query } = await authorizationParameters()
    const browser = createBrowser(test.server)
    await logIn(browser, (await browser.send(authorizeUrl(query))).body)
    const reported = () => test.events.filter(({ type }) => type === 'pkce.challenge_reused')
    for (let round = 0; round < 3; round++) {
      expect(reported()).toHaveLength(Math.max(0, round - 1))
      const { location } = await approve(browser, (await browser.send(authorizeUrl(query))).body)
      expect(location?.searchParams.has('code')).toBe(true)
    }
    expect(reported()[0]).toMatchObject({ clientId: 'claude-desktop-mcp', subject: 'alice', ip: '192.0.2.1' })
  })
})
