import { authorizationCode, refreshToken, registered } from '@gatewright/authorization-server'
import type { GrantType } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { post } from '../support/flow.ts'
import { serviceServer, as } from '../support/service-server.ts'

const client = { client_id: 'svc', client_secret: 'svc-secret', grant_types: ['urn:example:grant'] }

describe('a grant type of an integrator', () => {
  it('sees the parameters that it declares, and no other', async () => {
    const seen: unknown[] = []
    const grant: GrantType = {
      name: 'urn:example:grant',
      parameters: ['assertion'],
      async handle({ parameters }) {
        const names = ['assertion', 'scope', 'client_secret', 'grant_type']
        seen.push(
          names.map((name) => parameters.get(name)),
          parameters.all('resource'),
        )
        return { access_token: 'x', token_type: 'Bearer', expires_in: 1, scope: '' }
      },
    }
    const test = serviceServer({
      clients: [registered(client)],
      grants: [authorizationCode(), refreshToken(), grant],
    })
    const parameters = {
      grant_type: grant.name,
      assertion: 'a',
      scope: 'read:user',
      resource: 'https://x.example/',
    }
    expect((await post(test, '/token', parameters, { basic: as('svc') })).status).toBe(200)
    expect(seen).toEqual([['a', undefined, undefined, undefined], []])
  })
})
