// Whatever an Interaction returns or throws: without a sound answer there is no code
import { describe, expect, it } from 'vitest'
import type { Approval, Interaction, Subject } from '@gatewright/core'
import { loginWith, password } from '@gatewright/authorization-server'
import { OAuthError } from '@gatewright/core'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, claimsOf, logIn, obtainCode, redeem } from '../support/flow.ts'
import { createPortal } from '../support/portal.ts'
import { registerClient } from '../support/register-client.ts'
import { testServer } from '../support/test-server.ts'

const boom = new Error('connect ECONNREFUSED 10.0.0.7:5432')

/** A server whose user is signed in already, and whose steps answer what a test wants. */
function withSteps(steps: Partial<Interaction>) {
  const portal = createPortal()
  const test = testServer({ interaction: { ...portal.interaction, ...steps } })
  const browser = createBrowser(test.server)
  portal.sessions.set('alice', { subject: 'alice', authenticatedAt: test.clock.now() })
  browser.cookies.set('portal', 'alice')
  return { test, browser }
}

const issued = ({ events }: Pick<ReturnType<typeof testServer>, 'events'>) =>
  events.filter(({ type }) => type === 'authorization_code.issued')

/** What JavaScript may hand over where the types say something else. */
const as =
  <T>(value: unknown) =>
  async () =>
    value as T

describe('the consent step', () => {
  const approvals: Record<string, unknown> = {
    'more than was asked for': { scopes: ['read:application', 'admin:application'] },
    'an unknown scope': { scopes: ['unknown'] },
    'a scope that only a wider one implies': { scopes: ['read:user'] },
    'a string': { scopes: 'read:application write:application' },
    'an array of something else': { scopes: [undefined, null, 1, {}] },
    'a nested array': { scopes: [['read:application']] },
    'an object with a length': { scopes: { length: 1, 0: 'read:application' } },
    'nothing at all': undefined,
    null: null,
    true: true,
    'an empty object': {},
    'a bare array': ['read:application'],
  }
  for (const [name, approval] of Object.entries(approvals))
    it(`CO-28 that returns ${name} issues no code`, async () => {
      const { test, browser } = withSteps({ consent: as<Approval>(approval) })
      expectRedirectError(await authorize(browser), 'server_error')
      expect(issued(test)).toEqual([])
    })

  it('CO-28 that returns no scopes is a refusal', async () => {
    const { test, browser } = withSteps({ consent: as<Approval>({ scopes: [] }) })
    expectRedirectError(await authorize(browser), 'access_denied')
    expect(issued(test)).toEqual([])
  })

  it('grants what it returns once, in the order of the request', async () => {
    const scopes = ['write:application', 'read:application', 'write:application']
    const { test, browser } = withSteps({ consent: as<Approval>({ scopes }) })
    await authorize(browser)
    expect(issued(test)[0]?.scope).toBe('read:application write:application')
  })

  it('CO-28 cannot grant more than the user may, whatever it was told', async () => {
    const { test, browser } = withSteps({
      consent: as<Approval>({ scopes: ['read:application', 'write:application'] }),
    })
    test.activeUsers.set('alice', { password: '', scopes: ['read:application'] })
    expectRedirectError(await authorize(browser), 'server_error')
    expect(issued(test)).toEqual([])
  })

  it('CO-28 that throws issues no code, tells the client nothing of why, and the operator everything', async () => {
    for (const thrown of [boom, 'a string', undefined, null, { code: 'access_granted' }]) {
      const { test, browser } = withSteps({
        consent: () => Promise.reject(thrown),
      })
      const landing = await authorize(browser)
      expectRedirectError(landing, 'server_error')
      expect(landing.location?.href).not.toMatch(/ECONNREFUSED|10\.0\.0\.7|stack/)
      expect(issued(test)).toEqual([])
      expect(test.events.find(({ type }) => type === 'request.failed')?.cause).toBe(thrown)
    }
  })

  it('CO-28 that throws before it returns a promise issues no code either', async () => {
    const consent = () => {
      throw boom
    }
    expectRedirectError(await authorize(withSteps({ consent }).browser), 'server_error')
  })

  it('that refuses by an OAuthError is told to the client', async () => {
    const consent = () => Promise.reject(new OAuthError('access_denied', 'not today\r\nSet-Cookie: a=b "é"'))
    const landing = await authorize(withSteps({ consent }).browser)
    expectRedirectError(landing, 'access_denied')
    expect(landing.location?.searchParams.get('error_description')).toBe("not today??Set-Cookie: a=b '?'")
  })

  it('AZ-40 a request that ended in an error cannot be approved afterwards', async () => {
    for (const thrown of [boom, new OAuthError('access_denied', 'no')]) {
      let failing = false
      const portal = createPortal()
      const { test, browser } = withSteps({
        consent: (...parameters) =>
          failing ? Promise.reject(thrown) : portal.interaction.consent(...parameters),
      })
      const page = await authorize(browser)
      expectForm(page, 'consent')
      failing = true
      expect((await approve(browser, page.body)).location?.searchParams.has('error')).toBe(true)
      failing = false
      expectLocalErrorPage(await approve(browser, page.body))
      expect(issued(test)).toEqual([])
    }
  })
})

describe('the login step', () => {
  const subjects: Record<string, unknown> = {
    'nothing at all': undefined,
    null: null,
    'an empty object': {},
    'an empty subject': { subject: '', authenticatedAt: 1 },
    'a number as subject': { subject: 7, authenticatedAt: 1 },
    'a subject without a time': { subject: 'alice' },
    'a time that is none': { subject: 'alice', authenticatedAt: Number.NaN },
    'a time as text': { subject: 'alice', authenticatedAt: '2026-01-01' },
    'a date': { subject: 'alice', authenticatedAt: new Date() },
    'infinity as time': { subject: 'alice', authenticatedAt: Number.POSITIVE_INFINITY },
    'amr that is no list': { subject: 'alice', authenticatedAt: 1, amr: 'pwd' },
    'amr of something else': { subject: 'alice', authenticatedAt: 1, amr: [{ admin: true }] },
    'the name of the user': 'alice',
    'the subject of a client that acts for itself': { subject: 'client:service', authenticatedAt: 1 },
  }
  for (const [name, subject] of Object.entries(subjects))
    it(`CO-28 that returns ${name} signs nobody in`, async () => {
      const { test, browser } = withSteps({ authenticate: as<Subject>(subject) })
      expectRedirectError(await authorize(browser), 'server_error')
      expect(test.events.some(({ type }) => type === 'login.succeeded')).toBe(false)
      expect([...browser.cookies.keys()]).toEqual(['portal'])
    })

  it('CO-28 that throws signs nobody in', async () => {
    const { test, browser } = withSteps({ authenticate: () => Promise.reject(boom) })
    const landing = await authorize(browser)
    expectRedirectError(landing, 'server_error')
    expect(landing.location?.href).not.toContain('ECONNREFUSED')
    expect(issued(test)).toEqual([])
  })

  it('CO-28 that throws on the way to a client nobody vouched for shows a page, as a failure of ours', async () => {
    const { test, browser } = withSteps({ authenticate: () => Promise.reject(boom) })
    const redirectUri = 'https://tools.example.net/cb'
    const clientId = await registerClient(test, { redirect_uris: [redirectUri] })
    const landing = await authorize(browser, { client_id: clientId, redirect_uri: redirectUri })
    expectLocalErrorPage(landing, 500)
    expect(landing.body).not.toContain('ECONNREFUSED')
  })

  it('AZ-29 cannot stay fresh for ever by a time in the future', async () => {
    const test = testServer({
      interaction: {
        ...createPortal().interaction,
        authenticate: async (_request, visit) =>
          visit.session ?? { subject: 'alice', authenticatedAt: visit.now + 86_400_000 },
      },
    })
    const browser = createBrowser(test.server)
    const { code, verifier } = await obtainCode(test, { scope: 'openid read:application' }, { browser })
    const { json } = await redeem(test, { code, verifier })
    expect(claimsOf(json.id_token).auth_time).toBe(test.clock.now() / 1000)
  })
})

describe('the user store', () => {
  it('CO-28 that throws issues no code', async () => {
    const test = testServer({ findUser: () => Promise.reject(boom) })
    const browser = createBrowser(test.server)
    const page = await authorize(browser)
    const landing = await logIn(browser, page.body)
    expectRedirectError(landing, 'server_error')
    expect(landing.location?.href).not.toContain('ECONNREFUSED')
    expect(issued(test)).toEqual([])
  })

  it('CO-28 that returns scopes which are no list lets the user grant nothing', async () => {
    for (const scopes of ['read:application write:application', null, {}]) {
      const test = testServer({ findUser: as<{ scopes: string[] }>({ scopes }) })
      const browser = createBrowser(test.server)
      const landing = await logIn(browser, (await authorize(browser)).body)
      expect(landing.location?.searchParams.get('error')).toMatch(/^(access_denied|server_error)$/)
      expect(issued(test)).toEqual([])
    }
  })

  it('CO-28 that throws at the login shows no stack and signs nobody in', async () => {
    const test = testServer({ interaction: loginWith(password(() => Promise.reject(boom))) })
    const browser = createBrowser(test.server)
    const landing = await logIn(browser, (await authorize(browser)).body)
    expectRedirectError(landing, 'server_error')
    expect(test.events.some(({ type }) => type === 'login.succeeded')).toBe(false)
  })
})
