import { expect, test } from 'vitest'
import { readJwt } from '@gatewright/core'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = `${encode({ alg: 'ES256' })}.${encode({ sub: 'ä' })}.c2ln`

test('a JWT is taken apart, and says what its signature is over', () => {
  expect(readJwt(token)).toEqual({
    headerText: encode({ alg: 'ES256' }),
    header: { alg: 'ES256' },
    claims: { sub: 'ä' },
    signed: token.slice(0, token.lastIndexOf('.')),
    signature: new TextEncoder().encode('sig'),
  })
})

test('each JWT has its own header, which nobody can change for the next that is written alike', () => {
  const header = (value: object) => readJwt(`${encode(value)}.${encode({})}.c2ln`)?.header
  const headers = [{ kid: 'a' }, { kid: 'a' }, { kid: 'b' }, { kid: 'a', jwk: { kty: 'EC' } }, { kid: 'b' }]
  expect(headers.map(header)).toEqual(headers)
  for (const value of headers)
    try {
      for (const own of [header(value), header(value)?.jwk]) Object.assign(own ?? {}, { alg: 'none' })
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError)
    }
  expect(headers.map(header)).toEqual(headers)
})

test('a header that is nested as deep as it is long is read as any other', () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  expect(readJwt(`${Buffer.from(deep).toString('base64url')}.${encode({})}.c2ln`)?.header).toHaveProperty('a')
})

test.each([
  ['nothing', ''],
  ['two parts', token.slice(0, token.lastIndexOf('.'))],
  ['an empty signature', token.slice(0, token.lastIndexOf('.') + 1)],
  ['four parts', `${token}.x`],
  ['a list for claims', `${encode({})}.${encode([])}.c2ln`],
  ['null for a header', `${encode(null)}.${encode({})}.c2ln`],
  ['what is no JSON', `${encode({})}.e30x.c2ln`],
  ['padding', `${encode({})}.e30=.c2ln`],
  ['another spelling of the same bytes', `${encode({})}.${encode({})}.c2lo`.replace('c2lo', 'c2lnZh')],
  ['what is no UTF-8', `${encode({})}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.c2ln`],
])('%s is no JWT', (_what, text) => {
  expect(readJwt(text)).toBeUndefined()
})
