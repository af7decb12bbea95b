// RFC 9449 §11.1: https://www.rfc-editor.org/rfc/rfc9449.html#section-11.1
import { createDpopKey } from '@gatewright/dpop'
import type { DpopKey } from '@gatewright/dpop'
import { expect, it } from 'vitest'
import { describeStores } from './support/describe-stores.ts'

const listTools = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })

function askForToken(at: string, resource: string, proof: string): Promise<Response> {
  return fetch(`${at}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('svc:svc-secret')}`, dpop: proof },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  })
}

function callTools(at: string, token: string, proof: string): Promise<Response> {
  return fetch(`${at}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `DPoP ${token}`,
      dpop: proof,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
    },
    body: listTools,
  })
}

/** The statuses, with the errors of those that were refused. */
async function outcomes(responses: readonly Response[]): Promise<string[]> {
  const told = responses.map(async (response) => {
    const text = await response.text()
    const challenge = response.headers.get('www-authenticate') ?? ''
    const error = /"error":"(\w+)"/.exec(text)?.[1] ?? /error="(\w+)"/.exec(challenge)?.[1]
    return response.status === 200 ? '200' : `${response.status} ${error}`
  })
  return Promise.all(told)
}

describeStores('one DPoP proof that reaches two processes at once', (open) => {
  const prove = (key: DpopKey, path: string, accessToken?: string) =>
    key.prove({
      method: 'POST',
      url: open().pair.origins[0] + path,
      ...(accessToken === undefined ? {} : { accessToken }),
    })

  it('DP-08 gets a token from exactly one of them', async () => {
    const { origins, parallel } = open().pair
    const key = await createDpopKey()
    for (let round = 0; round < 20; round++) {
      const proof = await prove(key, '/token')
      const answers = await outcomes(await parallel(2, (at) => askForToken(at, `${origins[0]}/mcp`, proof)))
      expect(answers.toSorted()).toEqual(['200', '400 invalid_dpop_proof'])
    }
  }, 180_000)

  it('DP-08 is let in to the resource by exactly one of them', async () => {
    const { origins, parallel } = open().pair
    const key = await createDpopKey()
    const issued = await askForToken(origins[0], `${origins[0]}/mcp`, await prove(key, '/token'))
    const { access_token: token } = (await issued.json()) as { access_token: string }
    for (let round = 0; round < 20; round++) {
      const proof = await prove(key, '/mcp', token)
      const answers = await outcomes(await parallel(2, (at) => callTools(at, token, proof)))
      expect(answers.toSorted()).toEqual(['200', '401 invalid_dpop_proof'])
    }
  }, 180_000)
})
