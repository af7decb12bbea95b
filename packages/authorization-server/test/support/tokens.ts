import { expect } from 'vitest'
import { createBrowser } from './browser.ts'
import { approve, authorizationParameters, authorizeUrl, logIn, obtainCode, post, redeem } from './flow.ts'
import { otherResource } from './test-server.ts'
import type { TestServer } from './test-server.ts'

export const webCallback = 'https://app.example.com/cb'
export const webSecret = 'web:web-secret'

/** Goes from the request to tokens, as the public client that flows start with. */
export async function obtainTokens(
  test: TestServer,
  overrides: Readonly<Record<string, string | undefined>> = {},
  options: Parameters<typeof obtainCode>[2] = {},
) {
  const obtained = await obtainCode(test, overrides, options)
  const { client_id, redirect_uri } = overrides
  const { status, json } = await redeem(test, obtained, {
    ...(client_id === undefined ? {} : { client_id }),
    ...(redirect_uri === undefined ? {} : { redirect_uri }),
    ...('resource' in overrides ? { resource: overrides.resource } : {}),
  })
  expect(status, json.error_description).toBe(200)
  return { ...obtained, tokens: json, accessToken: json.access_token, refreshToken: json.refresh_token }
}

/** A code of the confidential client `web`. */
export function obtainWebCode(
  test: TestServer,
  overrides: Readonly<Record<string, string | undefined>> = {},
  options: Parameters<typeof obtainCode>[2] = {},
) {
  return obtainCode(test, { client_id: 'web', redirect_uri: webCallback, ...overrides }, options)
}

/** Redeems a code of `web`, with its secret by Basic unless said otherwise. */
export function redeemWeb(
  test: TestServer,
  { code, verifier }: { code: string; verifier: string },
  overrides: Readonly<Record<string, string | undefined>> = {},
  options: Parameters<typeof post>[3] = { basic: webSecret },
) {
  const parameters = {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: webCallback,
  }
  return post(test, '/token', { ...parameters, ...overrides }, options)
}

/** The events of one type. */
export function eventsOf(test: Pick<TestServer, 'events'>, type: string) {
  return test.events.filter((event) => event.type === type)
}

/** A code whose grant is good for both resources. */
export async function obtainCodeForBoth(
  test: TestServer,
  overrides: Readonly<Record<string, string | undefined>> = {},
) {
  const { verifier, query } = await authorizationParameters(overrides)
  const both = `${query}&${new URLSearchParams({ resource: otherResource })}`
  const browser = createBrowser(test.server)
  const login = await browser.send(authorizeUrl(both))
  const consent = await logIn(browser, login.body)
  const { location } = await approve(browser, consent.body)
  return { code: location?.searchParams.get('code') ?? '', verifier }
}
