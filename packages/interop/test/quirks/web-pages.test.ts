// Clients in a web page ask the browser first, and the browser asks the server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTarget } from '../support/start-target.ts'
import type { RunningTarget } from '../support/start-target.ts'

let target: RunningTarget

beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

describe('MCP Inspector, and any client in a web page', () => {
  const origin = 'http://localhost:6274'
  const headers = 'authorization, content-type, mcp-protocol-version'

  it.each([
    ['/mcp', 'POST'],
    ['/.well-known/oauth-protected-resource/mcp', 'GET'],
    ['/.well-known/oauth-authorization-server', 'GET'],
    ['/register', 'POST'],
    ['/token', 'POST'],
    ['/revoke', 'POST'],
  ])('may ask %s from another origin', async (path, method) => {
    const response = await fetch(target.origin + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': headers,
      },
    })
    expect(response.status).toBe(204)
    expect(['*', origin]).toContain(response.headers.get('access-control-allow-origin'))
    expect(response.headers.get('access-control-allow-methods')).toContain(method)
    const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase()
    // A wildcard covers every header but Authorization.
    const covered = headers.split(', ').filter((name) => name === 'authorization' || !allowed?.includes('*'))
    for (const header of covered) expect(allowed).toContain(header)
    expect(response.headers.has('access-control-allow-credentials')).toBe(false)
  })

  it('can read the challenge of a 401', async () => {
    const response = await fetch(target.mcp, { method: 'POST', headers: { origin } })
    expect(response.status).toBe(401)
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')
  })
})
