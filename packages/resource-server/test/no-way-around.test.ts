import { describe, expect, it } from 'vitest'
import { testApi } from './support/api.ts'
import { resource } from './support/issuer.ts'

describe('what is public is decided by the path alone', () => {
  it.each(['?x=/.well-known/oauth-protected-resource/mcp', '#/.well-known/oauth-protected-resource/mcp'])(
    'PO-16 the protected path with "%s" stays protected',
    async (suffix) => {
      const { api } = testApi()
      const request = new Request(resource + suffix)
      expect(await api.handle(request)).toBeUndefined()
      expect(await api.authenticate(request)).toMatchObject({ status: 401 })
    },
  )

  it.each(['kube-probe/1.31', 'GoogleHC/1.0', 'ELB-HealthChecker/2.0'])(
    'PO-17 the user agent %s opens nothing',
    async (agent) => {
      const request = new Request(resource, { headers: { 'user-agent': agent } })
      expect(await testApi().api.authenticate(request)).toMatchObject({ status: 401 })
    },
  )

  it('PV-12 what a client sends to be traced by takes no part in the decision, and reaches no event', async () => {
    const { api, events } = testApi()
    const headers = { authorization: 'Bearer x', traceparent: '00-sub=admin-01', baggage: 'sub=admin' }
    expect(await api.authenticate(new Request(resource, { headers }))).toMatchObject({ status: 401 })
    expect(JSON.stringify(events)).not.toContain('admin')
  })
})
