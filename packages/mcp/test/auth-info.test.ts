import type { AuthInfo as AuthInfoOfV1 } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { AuthInfo as AuthInfoOfV2 } from '@modelcontextprotocol/server'
import { toAuthInfo } from '@gatewright/resource-server'
import { expect, it } from 'vitest'

it('a verified token takes the form of both SDK lines, without the claims that nobody asked for', () => {
  const resource = 'https://mcp.example.com/mcp'
  const info = toAuthInfo({
    token: 'token-1',
    issuer: 'https://auth.example.com',
    subject: 'alice',
    clientId: 'client-1',
    scopes: ['read:application'],
    expiresAt: 1_767_225_600_999,
    jti: 'jti-1',
    grantId: 'grant-1',
    act: { sub: 'agent' },
    resource,
    claims: { email: 'alice@example.com' },
  })
  const forBoth: AuthInfoOfV1 & AuthInfoOfV2 = info
  expect(forBoth).toEqual({
    token: 'token-1',
    clientId: 'client-1',
    scopes: ['read:application'],
    expiresAt: 1_767_225_600,
    resource: new URL(resource),
    extra: {
      subject: 'alice',
      issuer: 'https://auth.example.com',
      jti: 'jti-1',
      grantId: 'grant-1',
      act: { sub: 'agent' },
    },
  })
})
