// RFC 8705 §3: https://www.rfc-editor.org/rfc/rfc8705.html#section-3
import { certificateThumbprint } from '@gatewright/core'
import { expect, it } from 'vitest'
import { testApi } from './support/api.ts'
import { bearer, challengeOf, ecKey } from './support/issuer.ts'

const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${btoa(name)}\n-----END CERTIFICATE-----\n`
const mine = pem('my certificate')
const token = await ecKey.mint({ cnf: { 'x5t#S256': await certificateThumbprint(mine) } })

it('a token that is bound to a certificate is taken with it', async () => {
  const result = await testApi().api.authenticate(bearer(token), { clientCertificate: mine })
  expect(result).toMatchObject({ subject: 'alice' })
})

it.each([
  ['another certificate', { clientCertificate: pem('another') }],
  ['no certificate', {}],
  ['something else in its place', { clientCertificate: 'x' }],
])('DP-18 with %s it is 401 invalid_token', async (_what, context) => {
  const result = (await testApi().api.authenticate(bearer(token), context)) as Response
  expect(result.status).toBe(401)
  expect(challengeOf(result)).toContain('error="invalid_token"')
})

it('DP-18 a token that is bound to a key as well needs both', async () => {
  const both = await ecKey.mint({
    cnf: { jkt: 'x'.repeat(43), 'x5t#S256': await certificateThumbprint(mine) },
  })
  expect(await testApi().api.authenticate(bearer(both), { clientCertificate: mine })).toMatchObject({
    status: 401,
  })
})
