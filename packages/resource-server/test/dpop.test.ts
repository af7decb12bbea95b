// RFC 9449 §7: https://www.rfc-editor.org/rfc/rfc9449.html#section-7
import { createDpopKey } from '@gatewright/dpop'
import type { ProofContent } from '@gatewright/dpop'
import { createMemoryStorage, createReplayStore } from '@gatewright/storage'
import { describe, expect, it } from 'vitest'
import type { ResourceDpopOptions } from '../src/index.ts'
import { testApi } from './support/api.ts'
import { bearer, challengeOf, ecKey, resource, start } from './support/issuer.ts'

const runtime = {
  now: () => start,
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
}
const key = await createDpopKey({ runtime })
const other = await createDpopKey({ runtime })
const bound = await ecKey.mint({ cnf: { jkt: key.jkt } })

function dpopApi(options: Partial<ResourceDpopOptions> = {}, api: Parameters<typeof testApi>[0] = {}) {
  const memory = createReplayStore(createMemoryStorage())
  const { api: server, events } = testApi({ dpop: { memory, ...options }, ...api })
  return {
    server,
    events,
    send: async (
      accessToken: string,
      content: Partial<ProofContent> | null = {},
      from = key,
      url = resource,
    ) => {
      const proof =
        content === null
          ? undefined
          : await from.prove({ method: 'POST', url: resource, accessToken, ...content })
      const headers = {
        authorization: `DPoP ${accessToken}`,
        ...(proof === undefined ? {} : { dpop: proof }),
      }
      return server.authenticate(new Request(url, { method: 'POST', headers }))
    },
  }
}

async function refusal(result: unknown): Promise<readonly [number, string | undefined]> {
  if (!(result instanceof Response)) throw new Error('the request was let in')
  expect(challengeOf(result)).toMatch(/^DPoP error="/)
  expect(challengeOf(result)).toContain('resource_metadata="')
  expect(challengeOf(result)).toContain('algs="ES256 ')
  return [result.status, /error="([^"]*)"/.exec(challengeOf(result))?.[1]]
}

describe('a token that is bound to a key', () => {
  it('is taken with a proof of the key, and the handler learns of it', async () => {
    expect(await dpopApi().send(bound)).toMatchObject({ subject: 'alice', confirmation: { jkt: key.jkt } })
  })

  it.each([
    ['without a proof', null, key, 'invalid_dpop_proof'],
    ['with a proof of another key', {}, other, 'invalid_token'],
    ['with a proof for another token', { accessToken: 'x' }, key, 'invalid_dpop_proof'],
    ['with a proof for another method', { method: 'GET' }, key, 'invalid_dpop_proof'],
    ['with a proof for another resource', { url: `${resource}2` }, key, 'invalid_dpop_proof'],
    ['with a proof for another host', { url: 'https://evil.example/mcp' }, key, 'invalid_dpop_proof'],
  ])('is refused %s', async (_what, content, from, error) => {
    expect(await refusal(await dpopApi().send(bound, content, from))).toEqual([401, error])
  })

  it('is refused as a bearer token, with and without DPoP', async () => {
    for (const api of [testApi().api, dpopApi().server]) {
      const result = await api.authenticate(bearer(bound))
      expect(result).toMatchObject({ status: 401 })
      expect(challengeOf(result as Response)).toMatch(/^Bearer error="invalid_token"/)
    }
    await expect(dpopApi().server.verify(bound)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('is refused where nobody said how proofs are remembered', async () => {
    const headers = { authorization: `DPoP ${bound}`, dpop: 'x' }
    const result = await testApi().api.authenticate(new Request(resource, { method: 'POST', headers }))
    expect(challengeOf(result as Response)).toMatch(/^Bearer resource_metadata=/)
  })

  it('DP-05 is measured by the configured origin, whatever host the request seems to be for', async () => {
    const { send } = dpopApi()
    expect(await send(bound, {}, key, 'http://10.0.0.7:8080/mcp')).toMatchObject({ subject: 'alice' })
    const url = 'http://10.0.0.7:8080/mcp'
    expect(await refusal(await send(bound, { url }, key, url))).toEqual([401, 'invalid_dpop_proof'])
  })

  it('CC-04 of 100 requests with one proof exactly one is let in', async () => {
    const { server } = dpopApi()
    const dpop = await key.prove({ method: 'POST', url: resource, accessToken: bound })
    const send = () =>
      server.authenticate(
        new Request(resource, { method: 'POST', headers: { authorization: `DPoP ${bound}`, dpop } }),
      )
    const results = await Promise.all(Array.from({ length: 100 }, send))
    expect(results.filter((result) => !(result instanceof Response))).toHaveLength(1)
  })

  it('gets its 403 by the same scheme', async () => {
    const { server } = dpopApi()
    const gate = server.requireScopes('write:application')
    const dpop = await key.prove({ method: 'POST', url: resource, accessToken: bound })
    const headers = { authorization: `DPoP ${bound}`, dpop }
    const result = await gate(new Request(resource, { method: 'POST', headers }))
    expect(await refusal(result)).toEqual([403, 'insufficient_scope'])
  })

  it('is denied when the memory of proofs fails: nobody is let in without it', async () => {
    const memory = { once: () => Promise.reject(new Error('the database is gone')) }
    await expect(dpopApi({ memory }).send(bound)).rejects.toThrow('the database is gone')
  })

  it.each([{}, { jkt: 7 }, { jkt: 'short' }, { jwk: {} }, { jkt: key.jkt, kid: 'k' }, 'x', null])(
    'is refused when its cnf is %j, which nobody here can check',
    async (cnf) => {
      const token = await ecKey.mint({ cnf })
      const { server, send } = dpopApi()
      expect(await server.authenticate(bearer(token))).toMatchObject({ status: 401 })
      expect(await send(token)).toMatchObject({ status: 401 })
    },
  )
})

describe('a bearer token', () => {
  it('DP-11 is refused with the scheme DPoP, also with a sound proof', async () => {
    expect(await refusal(await dpopApi().send(await ecKey.mint()))).toEqual([401, 'invalid_token'])
  })

  it('is refused where bound tokens are required, and the challenge asks for DPoP alone', async () => {
    const { server, events } = dpopApi({ required: true })
    const result = (await server.authenticate(bearer(await ecKey.mint()))) as Response
    expect(await refusal(result)).toEqual([401, 'invalid_token'])
    expect(events).toMatchObject([{ type: 'token.rejected', reason: 'cnf' }])
  })
})

describe('clients are told', () => {
  it('of both schemes in the first challenge, Bearer first', async () => {
    const response = (await dpopApi().server.authenticate(new Request(resource))) as Response
    expect(challengeOf(response)).toMatch(/^Bearer resource_metadata="[^"]+", DPoP algs="ES256 [^"]+"$/)
  })

  it('in the metadata', async () => {
    const metadata = async ({ server }: ReturnType<typeof dpopApi>) =>
      (await server.handle(new Request(server.metadataUrl)))?.json()
    expect(await metadata(dpopApi({ algorithms: ['ES256'] }))).toMatchObject({
      dpop_signing_alg_values_supported: ['ES256'],
    })
    expect(await metadata(dpopApi({ required: true }))).toMatchObject({
      dpop_bound_access_tokens_required: true,
    })
  })

  it('DP-12 the nonce to use, once, with 401', async () => {
    const { send } = dpopApi({ nonce: { secret: 'a secret of tests with 32 characters or more' } })
    const refused = (await send(bound)) as Response
    expect(await refusal(refused)).toEqual([401, 'use_dpop_nonce'])
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    expect(nonce).toMatch(/^[\w-]{22}$/)
    expect(await send(bound, { nonce })).toMatchObject({ subject: 'alice' })
    expect(await refusal(await send(bound))).toEqual([401, 'use_dpop_nonce'])
  })
})

it('a memory that is none is a TypeError at once', () => {
  expect(() => dpopApi({ memory: {} as never })).toThrow(TypeError)
})
