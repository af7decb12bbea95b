import { matchRedirectUri, type ValidatedRedirectUri } from '@gatewright/redirect-uri'
import { expect, it } from 'vitest'

function redirectTo(target: ValidatedRedirectUri): string {
  return target
}

it('a plain string does not compile where a validated redirect URI is wanted', () => {
  // @ts-expect-error: nobody has compared this with a registration
  redirectTo('https://evil.example/cb')

  const match = matchRedirectUri('https://app.example.com/cb', ['https://app.example.com/cb'])
  // @ts-expect-error: without asking for `matched` there is no validated redirect URI
  redirectTo(match.redirectUri)

  // @ts-expect-error: what the operator registered is not what was presented and compared
  if (match.matched) redirectTo(match.registered)

  expect(match.matched && redirectTo(match.redirectUri)).toBe('https://app.example.com/cb')
})
