import { describe, expect, it } from 'vitest'
import { fixedHeader, fixedToken, storedToken } from '@gatewright/token-exchange'
import { startBackend } from './support/backend.ts'
import { alice, bridgeTo, documentOf, textParameter } from './support/bridge.ts'

const backend = await startBackend()
const header = (name: string, required = false) => textParameter(name, 'header', { required })
const plain = documentOf('/x', {})

describe('what the API receives', () => {
  it('BR-07 is nothing of the caller, but the gateway’s own credential', async () => {
    const { call } = bridgeTo(backend.origin, plain, { authorization: fixedToken('the-gateways-own') })
    await call({}, { headers: { 'x-forwarded-for': '1.2.3.4', 'x-evil': 'y' } })
    const [request] = backend.take()
    expect(request?.headers.authorization).toBe('Bearer the-gateways-own')
    expect(JSON.stringify(request)).not.toContain(alice.token)
    for (const name of ['cookie', 'x-forwarded-for', 'x-evil', 'x-request-id'])
      expect(request?.headers).not.toHaveProperty(name)
  })

  it('BR-07 is no credential at all where there is none', async () => {
    const { call } = bridgeTo(backend.origin, plain)
    await call()
    expect(backend.take()[0]?.headers).not.toHaveProperty('authorization')
  })

  it('is a header of the caller only when it is listed', async () => {
    const { call } = bridgeTo(backend.origin, plain, { forwardHeaders: ['X-Request-Id', 'traceparent'] })
    await call()
    expect(backend.take()[0]?.headers).toMatchObject({ 'x-request-id': 'r1' })
    for (const name of [
      'Authorization',
      'cookie',
      'Mcp-Session-Id',
      'X-Forwarded-For',
      'host',
      'proxy-authorization',
      'dpop',
      'a b',
    ])
      expect(() => bridgeTo(backend.origin, plain, { forwardHeaders: [name] })).toThrow(/never forwarded/)
  })

  it.each([
    'Host',
    'Authorization',
    'Cookie',
    'Content-Length',
    'content-type',
    'Transfer-Encoding',
    'Connection',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'Mcp-Session-Id',
    'mcp-protocol-version',
    'X-HTTP-Method-Override',
    'X-Original-URL',
    'Forwarded',
    'Proxy-Authorization',
    'Upgrade',
    'TE',
    'bad name',
  ])('BR-06 is not a header %s that the document describes', async (name) => {
    const { bridge, call } = bridgeTo(
      backend.origin,
      documentOf('/x', { parameters: [header(name, true), header('X-Ok')] }),
    )
    expect(Object.keys(bridge.tools[0]?.inputSchema.properties as object)).toEqual(['X-Ok'])
    expect((await call({ [name]: 'evil' })).isError).toBe(true)
    expect(backend.take()).toEqual([])
  })

  it('is not a header in the place of the credential', async () => {
    const { call } = bridgeTo(backend.origin, documentOf('/x', { parameters: [header('X-Api-Key')] }), {
      authorization: fixedHeader('x-api-key', 'the-gateways-own'),
      forwardHeaders: ['x-api-key'],
    })
    await call({ 'X-Api-Key': 'the-callers' }, { headers: { 'x-api-key': 'another' } })
    expect(backend.take()[0]?.headers['x-api-key']).toBe('the-gateways-own')
  })

  it('is no cookie: an operation that needs one is left out', () => {
    const { bridge } = bridgeTo(
      backend.origin,
      documentOf('/x', { parameters: [textParameter('sid', 'cookie', { required: true })] }),
    )
    expect(bridge.tools).toEqual([])
    expect(bridge.skipped[0]?.reason).toContain('cookie')
    const optional = bridgeTo(
      backend.origin,
      documentOf('/x', { parameters: [textParameter('sid', 'cookie')] }),
    )
    expect(optional.bridge.tools).toHaveLength(1)
  })
})

describe('a call without a credential', () => {
  it('is not made, and the reason goes to the operator', async () => {
    const authorization = storedToken(() => undefined)
    const { call, said, events } = bridgeTo(backend.origin, plain, { authorization })
    expect(said(await call())).toBe('The gateway has no credential for this API that it could use for you.')
    expect(backend.take()).toEqual([])
    expect(events).toMatchObject([
      { type: 'upstream.failed', reason: 'no_credential', subject: 'alice' },
      { type: 'tool.called' },
    ])
  })
})

describe('a credential that the API refuses', () => {
  it('is given back, and its challenge stays with the gateway', async () => {
    let rejected = 0
    const authorization = {
      perCaller: true,
      credential: () => ({ headers: { authorization: 'Bearer old' }, reject: () => void rejected++ }),
    }
    const { call, said } = bridgeTo(backend.origin, plain, { authorization })
    backend.answer((_, response) => {
      response.writeHead(401, {
        'www-authenticate': 'Bearer resource_metadata="https://evil.example/prm"',
        'content-type': 'text/plain',
      })
      response.end('go to https://evil.example/login')
    })
    const result = await call()
    backend.answer()
    expect(result.isError).toBe(true)
    expect(JSON.stringify(result)).not.toContain('evil.example')
    expect(said(result)).toContain('HTTP 401')
    expect(rejected).toBe(1)
    expect(backend.take()).toHaveLength(1)
  })
})
