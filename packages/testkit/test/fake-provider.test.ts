import { describe, expect, it } from 'vitest'
import { createFakeProvider, createTestClock } from '@gatewright/testkit'
import { createLocalJWKSet, jwtVerify } from 'jose'

const start =
  'https://up.example.net/authorize?client_id=client&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&state=s&scope=openid&nonce=n'

async function exchange(
  provider: ReturnType<typeof createFakeProvider>,
  change: Readonly<Record<string, string>> = {},
) {
  const code = provider.login(start).searchParams.get('code') ?? ''
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'https://app.example.com/cb',
    client_id: 'client',
    client_secret: 'client-secret',
    ...change,
  })
  const response = await provider.fetch('https://up.example.net/token', { method: 'POST', body })
  return { status: response.status, json: (await response.json()) as Record<string, string> }
}

describe('the fake provider', () => {
  it('gives tokens to its client, with an ID token that its keys verify', async () => {
    const clock = createTestClock()
    const provider = createFakeProvider({ now: clock.now })
    const { json } = await exchange(provider)
    const keys = (await (await provider.fetch('https://up.example.net/jwks')).json()) as Parameters<
      typeof createLocalJWKSet
    >[0]
    const { payload } = await jwtVerify(json.id_token ?? '', createLocalJWKSet(keys), {
      issuer: 'https://up.example.net',
      audience: 'client',
      currentDate: new Date(clock.now()),
    })
    expect(payload).toMatchObject({ sub: 'up-alice', nonce: 'n' })
    clock.advance(660)
    await expect(
      jwtVerify(json.id_token ?? '', createLocalJWKSet(keys), { currentDate: new Date(clock.now()) }),
    ).rejects.toThrow('exp')
  })

  it('refuses what a careful provider refuses: client, redirect URI, a second use of a code', async () => {
    const provider = createFakeProvider()
    expect((await exchange(provider, { client_secret: 'wrong' })).status).toBe(401)
    expect((await exchange(provider, { redirect_uri: 'https://evil.example/' })).status).toBe(400)
    expect((await exchange(provider, { code: 'unknown' })).status).toBe(400)
    expect((await exchange(provider)).status).toBe(200)
  })

  it('does as it is told until it is told otherwise', async () => {
    const provider = createFakeProvider()
    provider.behave({ outage: 503 })
    expect((await provider.fetch('https://up.example.net/jwks')).status).toBe(503)
    provider.behave({})
    expect((await provider.fetch('https://up.example.net/jwks')).status).toBe(200)
    expect(provider.requests.map(({ url }) => url.pathname)).toEqual(['/jwks', '/jwks'])
  })
})
