import { describe, expect, it, test } from 'vitest'
import { checkSecretComparisons } from '../../src/rules/secret-comparisons.ts'
import { parseSource } from '../../src/source-file.ts'
import { formatViolations } from '../../src/violation.ts'
import { readPublicPackages, readText } from '../../src/workspace.ts'

const found = (text: string) => checkSecretComparisons(parseSource('packages/core/src/a.ts', text)).length

describe('a comparison that stops at the first difference', () => {
  it.each([
    'a.secret === given',
    'given !== client.clientSecret',
    'stored.hash == presentedHash',
    'known.includes(hash)',
    'secretHashes.indexOf(given) !== -1',
    'verifier !== code.verifier',
    `form.get('csrf') === csrf`,
    '(await mac(signed)) === presented',
    'tag.startsWith(given)',
    `body['client_secret'] === given`,
    'calculateCodeChallenge(verifier) === code.challenge',
    'calculateDigest(body) !== given',
  ])('is found: %s', (text) => {
    expect(found(text)).toBe(1)
  })

  it.each([
    `secret === ''`,
    'hash === undefined',
    'null !== csrf',
    `typeof secret === 'string'`,
    'secret.length < 32',
    'secret.length === hash.length',
    `grant.kind === 'secret'`,
    'constantTimeEqual(secret, given)',
    'secretHashes.map(check)',
    `tags.includes('beta')`,
    'hashName === other',
  ])('is not: %s', (text) => {
    expect(found(text)).toBe(0)
  })
})

test('PV-09 no source compares a secret in a time that tells how much of it is right', () => {
  const sources = readPublicPackages().flatMap(({ sources: paths }) => paths)
  expect(formatViolations(sources.flatMap((path) => checkSecretComparisons(parseSource(path))))).toEqual([])
})

describe('PV-09 the comparison is the one of constant time for', () => {
  const server = 'packages/authorization-server/src'
  it.each([
    ['client secrets', `${server}/client-authentication/verify-secret.ts`],
    ['client secrets that a person chose', `${server}/client-authentication/secret-hash.ts`],
    ['initial and registration access tokens', `${server}/clients/dynamic-registration/read-registration.ts`],
    ['the secret in a changed registration', `${server}/clients/dynamic-registration/manage-client.ts`],
    ['CSRF tokens', `${server}/interaction/csrf-token.ts`],
    ['the cookie of a trip to a provider', `${server}/endpoints/provider-logins.ts`],
    ['codes', `${server}/grants/authorization-code.ts`],
    ['device codes', `${server}/polling/poll-for-tokens.ts`],
    ['the digest of refresh tokens', `${server}/grants/token-formats.ts`],
    ['refresh tokens and their families', `${server}/grants/refresh-family.ts`],
    ['the MAC of what an MCP client sends back', 'packages/mcp/src/registry/sealed-value.ts'],
    ['nonces of DPoP', 'packages/dpop/src/nonces.ts'],
    ['the nonce of an upstream ID token', 'packages/provider/src/verify-id-token.ts'],
  ])('%s', (_what, path) => {
    expect(readText(path)).toContain('constantTimeEqual(')
  })

  it.each(['grants/refresh-token.ts', 'endpoints/revocation.ts'])(
    'refresh tokens in %s, by the functions of their family',
    (path) => {
      const text = readText(`${server}/${path}`)
      for (const comparison of ['isCurrent(parts, family)', 'isOfFamily(parts, family)'])
        expect(text).toContain(comparison)
    },
  )

  it('verifiers', () => {
    expect(readText('packages/pkce/src/verify-code-challenge.ts')).toContain('equalInConstantTime(')
  })
})
