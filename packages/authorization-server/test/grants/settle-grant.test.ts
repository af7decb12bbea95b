import { describe, expect, it } from 'vitest'
import type { Grant } from '@gatewright/authorization-server'
import { settleGrant } from '../../src/grants/settle-grant.ts'

const grant: Grant = {
  schema: 1,
  clientId: 'client',
  subject: 'alice',
  scope: 'read',
  resources: [],
  authenticatedAt: 0,
  createdAt: 0,
  expiresAt: 1_000_000,
  nonce: 'n',
  code: {
    hash: 'h',
    redirectUri: 'https://app.example.com/cb',
    redirectUriSent: true,
    expiresAt: 60_000,
    usedAt: 1,
  },
}

describe('settleGrant', () => {
  it('keeps the code as long as a replay of it has to be noticed', () => {
    expect(settleGrant(grant, 59_999)).toBe(grant)
  })

  it('drops the code and the nonce once the code has expired, and nothing else', () => {
    const { code: _code, nonce: _nonce, ...rest } = grant
    expect(settleGrant(grant, 60_000)).toEqual(rest)
    expect(settleGrant(rest, 60_000)).toBe(rest)
  })
})
