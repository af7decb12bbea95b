// What a review by fresh eyes found, kept as tests.
import { defineScopes } from '@gatewright/core'
import { registered } from '@gatewright/authorization-server'
import type { ClientOptions } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { obtainTokens } from '../support/tokens.ts'
import { testServer } from '../support/test-server.ts'

describe('review findings', () => {
  it('SC-02 an API scope or alias cannot take the name of an identity scope, which would pass the ceilings', () => {
    const names = [
      { profile: 'Read everything' },
      { 'read:user': { description: 'View users', aliases: ['email'] } },
    ]
    for (const definitions of names)
      expect(() => testServer({ scopes: defineScopes(definitions as Record<string, string>) })).toThrow(
        /OpenID Connect/,
      )
  })

  it('an unset secret does not make a client public', () => {
    const options = {
      client_id: 'web',
      client_secret: undefined,
      redirect_uris: ['https://app.example.com/cb'],
    }
    expect(() => registered(options as unknown as ClientOptions)).toThrow(/client_secret is undefined/)
  })

  it('SC-03 a user who unticks offline_access gets no refresh token; a client that may not ask for it does', async () => {
    const scope = 'read:application offline_access'
    const declined = await obtainTokens(testServer(), { scope }, { only: ['read:application'] })
    expect(declined.tokens.scope).toBe('read:application')
    expect(declined.refreshToken).toBeUndefined()
    expect((await obtainTokens(testServer(), { scope })).refreshToken).toBeDefined()
    const narrow = await obtainTokens(testServer(), { scope, client_id: 'narrow' })
    expect([narrow.tokens.scope, narrow.refreshToken !== undefined]).toEqual(['read:application', true])
  })
})
