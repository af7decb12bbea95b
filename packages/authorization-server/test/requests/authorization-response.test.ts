// RFC 6749 §4.1.2 and RFC 9207 §2
import { describe, expect, it } from 'vitest'
import { OAuthError } from '@gatewright/core'
import { matchRedirectUri } from '@gatewright/redirect-uri'
import { createPages } from '../../src/pages/create-pages.ts'
import { defaultPages } from '../../src/pages/default-pages.ts'
import { authorizationResponse, errorResponse } from '../../src/requests/authorization-response.ts'

const issuer = 'https://auth.example.com'
const answering = { issuer, pages: createPages('Acme', defaultPages()), http: new Request(issuer) }

function targetOf(uri: string, state?: string) {
  const match = matchRedirectUri(uri, [uri])
  if (!match.matched) throw new Error(match.message)
  return { redirectUri: match.redirectUri, responseMode: 'query' as const, state, clientName: 'App' }
}

const locationOf = async (response: Promise<Response>) => (await response).headers.get('location')

describe('authorizationResponse', () => {
  it('AZ-34 keeps a registered query byte for byte', async () => {
    for (const query of ['?tenant=1', '?', '?a=b&', '?q=%20%2B+x', '?a'])
      expect(
        await locationOf(
          authorizationResponse(targetOf(`https://a.example/cb${query}`), { code: 'c' }, answering),
        ),
      ).toBe(`https://a.example/cb${query}&code=c&iss=https%3A%2F%2Fauth.example.com`)
  })

  it('AZ-32 lets no parameter take the place of state and iss', async () => {
    const response = authorizationResponse(
      targetOf('https://a.example/cb', 's'),
      { code: 'c', iss: 'https://evil.example', state: 'other' },
      answering,
    )
    const { searchParams } = new URL((await locationOf(response)) ?? '')
    expect(searchParams.getAll('iss')).toEqual([issuer])
    expect(searchParams.getAll('state')).toEqual(['s'])
  })

  it('AZ-19 carries a state of any characters, and an absent one not at all', async () => {
    const state = 'a&b=c+d%20"<é世>\r\nx: y'
    const location = await locationOf(
      authorizationResponse(targetOf('https://a.example/cb', state), {}, answering),
    )
    expect(location).toMatch(/^[\x21-\x7e]+$/)
    expect(new URL(location ?? '').searchParams.get('state')).toBe(state)
    expect(
      await locationOf(authorizationResponse(targetOf('https://a.example/cb'), {}, answering)),
    ).not.toContain('state')
  })

  it('sends an error with an ASCII description, and never its cause', async () => {
    const error = new OAuthError('access_denied', 'nein, "danke"\n\u00fc', { cause: new Error('secret') })
    const location =
      (await locationOf(errorResponse(targetOf('https://a.example/cb', 's'), error, answering))) ?? ''
    const { searchParams } = new URL(location)
    expect(searchParams.get('error')).toBe('access_denied')
    expect(searchParams.get('error_description')).toBe("nein, 'danke'??")
    expect(location).not.toContain('secret')
  })
})
