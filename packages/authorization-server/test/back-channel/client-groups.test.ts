import type { TokenPolicyInput } from '@gatewright/core'
import { claude, registered } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { obtainCode, redeem, refresh } from '../support/flow.ts'
import { testServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

const callback = 'https://app.example.com/cb'
const day = 86_400
const request = (client_id: string) => ({ client_id, redirect_uri: callback })

describe('what an operator calls a client', () => {
  it('is told to policies, events and the administration', async () => {
    const seen: TokenPolicyInput[] = []
    const test = testServer({
      clients: [
        registered({ client_id: 'bot', redirect_uris: [callback], kind: 'agent', tags: ['mcp', 'beta'] }),
      ],
      policies: [
        (input) => {
          seen.push(input)
          return { allowed: !input.request.client?.tags.includes('banned') }
        },
      ],
    })
    expect((await redeem(test, await obtainCode(test, request('bot')), request('bot'))).status).toBe(200)
    expect(seen[0]?.request.client).toEqual({ verified: true, kind: 'agent', tags: ['mcp', 'beta'] })
    const groups = { clientKind: 'agent', clientTags: ['mcp', 'beta'] }
    expect(eventsOf(test, 'token.issued')).toMatchObject([groups])
    expect(await test.server.grants.list({ subject: 'alice' })).toMatchObject([
      { clientId: 'bot', ...groups },
    ])
  })

  it('lets a policy refuse a group, which the event tells', async () => {
    const test = testServer({
      clients: [registered({ client_id: 'bot', redirect_uris: [callback], kind: 'agent', tags: ['banned'] })],
      policies: [({ request: { client } }) => ({ allowed: client?.tags.includes('banned') === false })],
    })
    const { json } = await redeem(test, await obtainCode(test, request('bot')), request('bot'))
    expect(json.error).toBe('access_denied')
    expect(eventsOf(test, 'token.refused')).toMatchObject([{ clientKind: 'agent', clientTags: ['banned'] }])
  })

  it('cannot be written to by a policy', async () => {
    const test = testServer({
      policies: [
        ({ request: { client } }) => {
          const tags = client?.tags as string[] | undefined
          tags?.push('mine')
          return { allowed: true }
        },
      ],
    })
    expect((await redeem(test, await obtainCode(test))).json.error).toBe('access_denied')
  })
})

describe('the lifetimes of one client', () => {
  const withClient = (lifetimes: object) =>
    testServer({ clients: [registered({ client_id: 'app', redirect_uris: [callback], ...lifetimes })] })
  const tokens = async (test: ReturnType<typeof testServer>) =>
    (await redeem(test, await obtainCode(test, request('app')), request('app'))).json

  it('RT-10 end its unused refresh tokens at its own time, again after each rotation', async () => {
    const test = withClient({ refreshTokenIdleLifetime: day })
    const { refresh_token: first } = await tokens(test)
    test.clock.advance(day - 1)
    const { json } = await refresh(test, first, { client_id: 'app' })
    test.clock.advance(day - 1)
    const again = await refresh(test, json.refresh_token, { client_id: 'app' })
    expect(again.status).toBe(200)
    test.clock.advance(day)
    expect((await refresh(test, again.json.refresh_token, { client_id: 'app' })).json.error).toBe(
      'invalid_grant',
    )
  })

  it('RT-10 end what a user approved at its own time, shorter or longer than the server’s', async () => {
    const short = withClient({ refreshTokenLifetime: 100 })
    const { refresh_token: first } = await tokens(short)
    short.clock.advance(60)
    const { json } = await refresh(short, first, { client_id: 'app' })
    expect(json.expires_in).toBe(40)
    short.clock.advance(40)
    expect((await refresh(short, json.refresh_token, { client_id: 'app' })).json.error).toBe('invalid_grant')

    const long = withClient({ refreshTokenLifetime: 200 * day, refreshTokenIdleLifetime: 150 * day })
    const { refresh_token: lasting } = await tokens(long)
    long.clock.advance(149 * day)
    expect((await refresh(long, lasting, { client_id: 'app' })).status).toBe(200)
  })

  it('M38 come with the preset of a client whose users cannot revoke by disconnecting', async () => {
    const uri = 'https://claude.ai/api/mcp/auth_callback'
    const test = testServer({
      accessTokenLifetime: 3600,
      clients: [registered({ client_id: 'claude', ...claude })],
    })
    const asClaude = { client_id: 'claude', redirect_uri: uri }
    const { json } = await redeem(test, await obtainCode(test, asClaude), asClaude)
    expect(json.expires_in).toBe(900)
    test.clock.advance(day)
    expect((await refresh(test, json.refresh_token, { client_id: 'claude' })).json.error).toBe(
      'invalid_grant',
    )
  })
})
