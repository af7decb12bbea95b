// OpenID Connect with a relying party that others wrote: Apache's mod_auth_openidc
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIdentityProvider } from '@gatewright-examples/confluence-oidc'
import type { AuthorizationServer } from '@gatewright/authorization-server'
import type { GatewrightEvent } from '@gatewright/core'
import { toNodeListener } from '@gatewright/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingApache, startWiki, wikiAt } from '../src/apache.ts'
import type { RunningWiki } from '../src/apache.ts'
import { createBrowser } from './browser.ts'
import type { Browser } from './browser.ts'

if (missingApache !== undefined)
  it.skip(`Apache with mod_auth_openidc is not installed: there is no ${missingApache}`, () => undefined)

if (missingApache === undefined)
  describe.each(['client_secret_basic', 'client_secret_post'] as const)(
    'a wiki that signs in through Gatewright by %s',
    (auth) => {
      let directory: string
      let server: Server
      let provider: AuthorizationServer
      let wiki: RunningWiki
      let origin: string
      let issuer: string
      const events: GatewrightEvent[] = []

      beforeAll(async () => {
        directory = await mkdtemp(join(tmpdir(), 'confluence-oidc-'))
        const wikiPort = await freePort()
        origin = `http://127.0.0.1:${wikiPort}`
        server = createServer((request, response) => toNodeListener(provider)(request, response))
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
        issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        provider = createIdentityProvider(issuer, wikiAt(origin), (event) => events.push(event))
        wiki = await startWiki(directory, wikiPort, issuer, auth)
      })
      afterAll(async () => {
        await wiki?.stop()
        server?.closeAllConnections()
        await new Promise((resolve) => server?.close(resolve))
        await rm(directory, { recursive: true, force: true })
      })

      async function signIn(browser: Browser, name = 'alice') {
        const login = await browser.open(`${origin}/wiki/`)
        expect(new URL(login.url).origin, `${login.status} ${login.body}\n${await wiki.log()}`).toBe(issuer)
        const consent = await browser.submit(login, 'login', { username: name, password: `${name}-demo` })
        const page = await browser.submit(consent, 'consent', { decision: 'approve' })
        expect(page.url, `${page.body}\n${await wiki.log()}`).toBe(`${origin}/wiki/`)
        return page
      }

      it('F03 F05 F10 F11 F13 sends a visitor to sign in, and knows afterwards who it is and in which groups', async () => {
        const page = await signIn(createBrowser())
        expect(page.status).toBe(200)
        expect(page.body).toContain('<b id="name">alice</b>')
        expect(page.body).toMatch(/<b id="groups">confluence-users,confluence-administrators<\/b>/)
      })

      it('F14 opens pages by group', async () => {
        const alice = createBrowser()
        await signIn(alice)
        expect(await alice.open(`${origin}/admin/`)).toMatchObject({ status: 200, url: `${origin}/admin/` })
        const bob = createBrowser()
        await signIn(bob, 'bob')
        expect((await bob.open(`${origin}/admin/`)).status).toBe(401)
      })

      it('F02 F06 F07 F08 F09 F10 uses the paths that it was configured with', async () => {
        const document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
        expect(document).toMatchObject({
          authorization_endpoint: `${issuer}/login/oauth/authorize`,
          token_endpoint: `${issuer}/api/login/oauth/access_token`,
          userinfo_endpoint: `${issuer}/api/get-account`,
          end_session_endpoint: `${issuer}/api/logout`,
        })
      })

      it('asks for nothing more than a click when its own session is over and the one here is not', async () => {
        const browser = createBrowser()
        await signIn(browser)
        const again = await browser.open(`${origin}/admin/`)
        expect(again.status).toBe(200)
        expect(again.body).not.toContain('id="login"')
      })

      it('F12 LO-01 signs out here as well, and the next visit needs the password again', async () => {
        const browser = createBrowser()
        const page = await signIn(browser)
        const [, signOut = ''] = /href="([^"]*)">Sign out/.exec(page.body) ?? []
        const out = await browser.open(origin + signOut)
        expect(out.url).toBe(`${origin}/signed-out.html`)
        expect(out.body).toContain('Signed out of the wiki')
        const next = await browser.open(`${origin}/wiki/`)
        expect(next.body).toContain('<form id="login"')
        expect((await signIn(browser)).body).toContain('<b id="name">alice</b>')
      })

      it('LO-06 is signed out by the back channel when the session here ends', async () => {
        const browser = createBrowser()
        await signIn(browser)
        const before = events.length
        const account = await browser.open(`${issuer}/account`)
        await browser.submit(account, 'sign-out', { decision: 'sign-out' })
        const sent = events.slice(before).filter(({ type }) => type.startsWith('logout.'))
        expect(
          sent.map(({ type, reason }) => [type, reason]),
          await wiki.log(),
        ).toEqual([['logout.notified', undefined]])
        // The wiki still gets its own cookie, and does not accept it any more.
        expect((await browser.open(`${origin}/wiki/`)).body).toContain('<form id="login"')
      })

      it('LO-06 is signed out of every browser of a user whom an administrator signs out', async () => {
        const browsers = [createBrowser(), createBrowser()]
        for (const browser of browsers) await signIn(browser)
        await provider.users.signOut('5c1a2f7e-alice')
        for (const browser of browsers)
          expect((await browser.open(`${origin}/wiki/`)).body).toContain('<form id="login"')
      })
    },
  )

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
