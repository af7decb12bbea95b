import { describe, expect, it } from 'vitest'
import {
  casdoorPaths,
  chatGpt,
  claude,
  claudeCode,
  cursor,
  registered,
  visualStudioCode,
} from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage } from '../support/expectations.ts'
import { authorize } from '../support/flow.ts'
import { issuer, testServer } from '../support/test-server.ts'

describe('a preset', () => {
  const presets = { claude, claudeCode, chatGpt, visualStudioCode, cursor }
  const test = testServer({
    clients: [
      registered(...Object.entries(presets).map(([client_id, preset]) => ({ client_id, ...preset }))),
    ],
  })

  it.each([
    ['claude', 'https://claude.ai/api/mcp/auth_callback'],
    ['claude', 'https://claude.com/api/mcp/auth_callback'],
    ['claudeCode', 'http://localhost:3118/callback'],
    ['claudeCode', 'http://127.0.0.1:51004/callback'],
    ['chatGpt', 'https://chatgpt.com/connector_platform_oauth_redirect'],
    ['visualStudioCode', 'http://127.0.0.1:33418/'],
    ['visualStudioCode', 'https://vscode.dev/redirect'],
    ['cursor', 'cursor://anysphere.cursor-mcp/oauth/callback'],
    ['cursor', 'http://localhost:8787/callback'],
  ])('%s is let in at %s', async (client_id, redirect_uri) => {
    expectForm(await authorize(createBrowser(test.server), { client_id, redirect_uri }), 'login')
  })

  it('is let in nowhere else', async () => {
    for (const client_id of Object.keys(presets))
      expectLocalErrorPage(
        await authorize(createBrowser(test.server), {
          client_id,
          redirect_uri: 'https://evil.example/callback',
        }),
      )
  })

  it('of paths puts the endpoints where clients of Casdoor look for them', async () => {
    const moved = testServer({ paths: casdoorPaths })
    expect(await moved.server.metadata()).toMatchObject({
      authorization_endpoint: `${issuer}/login/oauth/authorize`,
      token_endpoint: `${issuer}/api/login/oauth/access_token`,
      introspection_endpoint: `${issuer}/api/login/oauth/introspect`,
      userinfo_endpoint: `${issuer}/api/get-account`,
    })
  })
})

describe('a list of clients that is loaded anew', () => {
  const one = { client_id: 'one', redirect_uris: ['https://app.example.com/cb'] }
  const two = { client_id: 'two', redirect_uris: ['https://app.example.com/cb'] }

  it('has the new clients and not the old ones, from the next request on', async () => {
    const clients = registered(one)
    const test = testServer({ clients: [clients] })
    const ask = (client_id: string) =>
      authorize(createBrowser(test.server), { client_id, redirect_uri: 'https://app.example.com/cb' })
    expectForm(await ask('one'), 'login')
    clients.replace(two)
    expectLocalErrorPage(await ask('one'))
    expectForm(await ask('two'), 'login')
  })

  it('stays as it was when one of the new clients is wrong', async () => {
    const clients = registered(one)
    expect(() =>
      clients.replace(two, { client_id: 'three', redirect_uris: ['http://evil.example/cb'] }),
    ).toThrow('client "three"')
    expect(() => clients.replace(two, two)).toThrow('registered twice')
    const test = testServer({ clients: [clients] })
    expectForm(
      await authorize(createBrowser(test.server), {
        client_id: 'one',
        redirect_uri: 'https://app.example.com/cb',
      }),
      'login',
    )
  })
})
