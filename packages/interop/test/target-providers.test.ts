// The target with LOGIN=upstream and LOGIN=choose, in front of a provider that listens
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { readSettings } from '@gatewright-examples/target/settings'
import { createTarget } from '@gatewright-examples/target'
import { toNodeListener } from '@gatewright/node'
import { createFakeProvider } from '@gatewright/testkit'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

async function upstream(client: { readonly clientId?: string; readonly clientSecret?: string } = {}) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const users = {
    alice: { sub: 'up-alice', name: 'admin', preferred_username: 'Admin', email: 'admin@example.com' },
  }
  const up = createFakeProvider({ issuer, users, ...client })
  server.on('request', toNodeListener(up))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return up
}

function open(environment: Readonly<Record<string, string>>) {
  const target = createTarget(readSettings(environment))
  const cookies = new Map<string, string>()
  return async (url: string, body?: URLSearchParams | string) => {
    const headers = new Headers({
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    })
    if (body !== undefined)
      headers.set(
        'content-type',
        typeof body === 'string' ? 'application/json' : 'application/x-www-form-urlencoded',
      )
    const init = body === undefined ? { headers } : { headers, method: 'POST', body: body.toString() }
    const response = await target.handle(new Request(url, init), { ip: '127.0.0.1' })
    for (const cookie of response?.headers.getSetCookie() ?? []) {
      const [pair = ''] = cookie.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const page = (await response?.text()) ?? ''
    const all = `${JSON.stringify([...(response?.headers ?? [])])} ${page}`
    return { location: response?.headers.get('location') ?? '', page, all }
  }
}

/** What a form of a page holds. */
function formOf(page: string, id: string, fields: Readonly<Record<string, string>>) {
  const [, action = '', content = ''] =
    new RegExp(`<form id="${id}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page) ?? []
  const form = new URLSearchParams()
  for (const [input] of content.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
    form.append(attribute('name'), attribute('value'))
  }
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return { action: action.replaceAll('&amp;', '&'), form }
}

const request = `http://127.0.0.1:4000/authorize?${new URLSearchParams({
  response_type: 'code',
  client_id: 'pub',
  redirect_uri: 'http://127.0.0.1:4999/callback',
  code_challenge: 'A'.repeat(43),
  code_challenge_method: 'S256',
  scope: 'read:application',
  resource: 'http://127.0.0.1:4000/mcp',
  state: 's',
})}`

describe('the target', () => {
  it('CO-15 with LOGIN=upstream asks for consent, sends the user to the provider up, and takes the answer', async () => {
    const up = await upstream()
    const settings = {
      LOGIN: 'upstream',
      UP_ISSUER: up.issuer,
      UP_CLIENT_ID: 'client',
      UP_CLIENT_SECRET: 'client-secret',
    }
    const send = open(settings)
    const { page } = await send(request)
    const { action, form } = formOf(page, 'consent', { decision: 'approve' })
    const { location } = await send(action, form)
    expect(location.startsWith(`${up.issuer}/authorize?`)).toBe(true)
    const back = await send(up.login(location).href)
    const done = back.location.startsWith('http://127.0.0.1:4000/') ? await send(back.location) : back
    expect(new URL(done.location).searchParams.get('code')).toBeTruthy()
  })

  it('P12 with LOGIN=choose lists the providers, and takes the documented userinfo, which has no id but the name', async () => {
    const up = await upstream()
    const settings = {
      LOGIN: 'choose',
      CUSTOM_AUTH_URL: `${up.issuer}/authorize`,
      CUSTOM_TOKEN_URL: `${up.issuer}/token`,
      CUSTOM_USERINFO_URL: `${up.issuer}/userinfo`,
      CUSTOM_CLIENT_ID: 'client',
      CUSTOM_CLIENT_SECRET: 'client-secret',
      CUSTOM_PKCE: '0',
    }
    up.behave({ userinfo: ({ sub: _sub, ...claims }) => claims })
    const send = open(settings)
    const choice = formOf((await send(request)).page, 'providers', { provider: 'custom' })
    const question = await send((await send(choice.action, choice.form)).location)
    const consent = formOf(question.page, 'consent', { decision: 'approve' })
    const { location } = await send(consent.action, consent.form)
    expect(location).not.toContain('code_challenge')
    const back = await send(up.login(location).href)
    const done = back.location.startsWith('http://127.0.0.1:4000/') ? await send(back.location) : back
    expect(new URL(done.location).searchParams.get('code')).toBeTruthy()
  })

  it('CR-28 tells a client that registers nothing of the provider, before and after a login there', async () => {
    const client = { clientId: 'upstream-id-of-ours', clientSecret: 'upstream-secret-of-ours' }
    const up = await upstream(client)
    const send = open({
      LOGIN: 'upstream',
      UP_ISSUER: up.issuer,
      UP_CLIENT_ID: client.clientId,
      UP_CLIENT_SECRET: client.clientSecret,
    })
    const answers: string[] = []
    const registerBoth = async () => {
      for (const token_endpoint_auth_method of ['none', 'client_secret_basic']) {
        const asked = { redirect_uris: ['http://127.0.0.1:4999/callback'], token_endpoint_auth_method }
        const { page, all } = await send('http://127.0.0.1:4000/register', JSON.stringify(asked))
        expect(JSON.parse(page)).toMatchObject({ client_id: expect.any(String), token_endpoint_auth_method })
        answers.push(all)
      }
    }
    await registerBoth()
    // What is looked for is what the login uses.
    const { action, form } = formOf((await send(request)).page, 'consent', { decision: 'approve' })
    const { location } = await send(action, form)
    expect(new URL(location).searchParams.get('client_id')).toBe(client.clientId)
    const back = await send(up.login(location).href)
    expect((await send(back.location)).location).toContain('code=')
    await registerBoth()
    for (const document of ['oauth-authorization-server', 'openid-configuration'])
      answers.push((await send(`http://127.0.0.1:4000/.well-known/${document}`)).all)
    expect(answers).toHaveLength(6)
    for (const answer of answers)
      for (const secret of [...Object.values(client), up.issuer]) expect(answer).not.toContain(secret)
  })

  it('refuses to start without a provider', () => {
    expect(() => createTarget(readSettings({ LOGIN: 'upstream' }))).toThrow('UP_ISSUER or CUSTOM_AUTH_URL')
  })
})
