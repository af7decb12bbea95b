// RFC 9728: https://www.rfc-editor.org/rfc/rfc9728.html
import { composeHandlers } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { testApi } from './support/api.ts'
import { challengeOf, ecKey, issuer, resource } from './support/issuer.ts'

const origin = 'https://mcp.example.com'
const wellKnown = `${origin}/.well-known/oauth-protected-resource`
const get = (api: ReturnType<typeof testApi>['api'], url: string, init: RequestInit = {}) =>
  api.handle(new Request(url, init))

describe('protected-resource metadata', () => {
  it('MD-03 names the exact resource and its authorization server, at both locations', async () => {
    const { api } = testApi({
      resourceName: 'Applications',
      resourceDocumentation: 'https://docs.example.com',
      authorizationDetailTypes: ['payment'],
    })
    for (const url of [`${wellKnown}/mcp`, wellKnown]) {
      const response = await get(api, url)
      expect(response?.status).toBe(200)
      expect(response?.headers.get('content-type')).toBe('application/json')
      expect(await response?.json()).toEqual({
        resource,
        authorization_servers: [issuer],
        scopes_supported: ['read:application', 'write:application'],
        bearer_methods_supported: ['header'],
        authorization_details_types_supported: ['payment'],
        resource_name: 'Applications',
        resource_documentation: 'https://docs.example.com',
      })
    }
    expect(api.metadataUrl).toBe(`${wellKnown}/mcp`)
  })

  it('lists every authorization server, the main one first, and the scopes it is told to', async () => {
    const { api } = testApi({
      authorizationServers: [{ issuer: 'https://old.example.com' }],
      scopesSupported: ['read:application'],
    })
    expect(await (await get(api, wellKnown))?.json()).toMatchObject({
      authorization_servers: [issuer, 'https://old.example.com'],
      scopes_supported: ['read:application'],
    })
  })

  it('MD-06 is nowhere else', async () => {
    const { api } = testApi()
    for (const url of [
      `${wellKnown}/unknown`,
      `${wellKnown}/mcp/`,
      `${wellKnown}/`,
      `${wellKnown}/MCP`,
      `${wellKnown}x`,
      resource,
      `${resource}/.well-known/oauth-protected-resource`,
    ])
      expect(await get(api, url)).toBeUndefined()
  })

  it('MD-05 says the same whatever host or proxy headers a request brings', async () => {
    const { api } = testApi()
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example;proto=http' }
    const response = await get(api, 'http://evil.example/.well-known/oauth-protected-resource/mcp', {
      headers,
    })
    expect(await response?.json()).toMatchObject({ resource, authorization_servers: [issuer] })
  })

  it('MD-08 may be read by any page, without credentials', async () => {
    const { api } = testApi()
    const response = await get(api, `${wellKnown}/mcp`, { headers: { origin: 'https://app.example' } })
    expect(response?.headers.get('access-control-allow-origin')).toBe('*')
    expect(response?.headers.get('access-control-allow-credentials')).toBeNull()
    const preflight = await get(api, `${wellKnown}/mcp`, { method: 'OPTIONS' })
    expect(preflight?.status).toBe(204)
    expect(preflight?.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight?.headers.get('access-control-allow-headers')).toContain('MCP-Protocol-Version')
  })

  it('MD-12 may be cached, for minutes', async () => {
    const cache = (await get(testApi().api, wellKnown))?.headers.get('cache-control')
    expect(Number(/max-age=(\d+)/.exec(cache ?? '')?.[1])).toBeLessThanOrEqual(3600)
  })

  it('answers HEAD without a body, and other methods with 405', async () => {
    const { api } = testApi()
    const head = await get(api, wellKnown, { method: 'HEAD' })
    expect(head?.status).toBe(200)
    expect(await head?.text()).toBe('')
    const post = await get(api, wellKnown, { method: 'POST' })
    expect(post?.status).toBe(405)
    expect(post?.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  })

  it('of a resource at the bare origin is at the root form', async () => {
    const { api } = testApi({ resource: origin })
    expect(api.metadataUrl).toBe(wellKnown)
    expect(await (await get(api, wellKnown))?.json()).toMatchObject({ resource: origin })
  })

  it('of two resources on one origin stays apart', async () => {
    const second = `${origin}/mcp2`
    const both = composeHandlers(testApi().api, testApi({ resource: second, rootMetadata: false }).api)
    const documentAt = async (url: string) => (await both.handle(new Request(url)))?.json()
    expect(await documentAt(`${wellKnown}/mcp`)).toMatchObject({ resource })
    expect(await documentAt(`${wellKnown}/mcp2`)).toMatchObject({ resource: second })
    expect(await documentAt(wellKnown)).toMatchObject({ resource })
    expect(await get(testApi({ resource: second, rootMetadata: false }).api, wellKnown)).toBeUndefined()
  })

  it('each of three resources under one origin sends its clients to its own document, and takes its own tokens', async () => {
    const resources = [origin, `${origin}/mcp`, `${origin}/mcp/admin`]
    const apis = resources.map((name) => testApi({ resource: name, rootMetadata: name === origin }).api)
    const all = composeHandlers(...(apis as [(typeof apis)[0], ...typeof apis]))
    for (const [index, api] of apis.entries()) {
      const challenge = challengeOf((await api.authenticate(new Request(api.resource))) as Response)
      const [, location = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? []
      expect(location).toBe(api.metadataUrl)
      const response = await all.handle(new Request(location))
      expect(await response?.json()).toMatchObject({ resource: resources[index] })
      for (const aud of resources) {
        const token = api.verify(await ecKey.mint({ aud }))
        if (aud === api.resource) expect(await token).toMatchObject({ resource: aud })
        else await expect(token).rejects.toMatchObject({ cause: { reason: 'audience' } })
      }
    }
    expect(new Set(apis.map(({ metadataUrl }) => metadataUrl)).size).toBe(3)
  })
})
