import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { listen } from '@gatewright/testkit/adapter'
import { describe, expect, test } from 'vitest'
import { toNodeListener } from '../src/index.ts'
import type { NodeListener } from '../src/index.ts'
import { withServer } from './support/with-server.ts'

const origin = 'https://gateway.example'
const echo = {
  origin,
  handle: async (request: Request) => Response.json({ body: await request.text() }),
}

/** Runs a listener with a step before it, as a framework has them. */
const after = (step: (request: IncomingMessage) => void | Promise<void>, listener: NodeListener) =>
  listen(
    createServer((request, response) => {
      void Promise.resolve(step(request)).then(() => listener(request, response))
    }),
  )

describe('a body that was read before', () => {
  const read = async (request: IncomingMessage) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }
  const post = (url: string, body: string, type: string) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': type } })

  test('is the raw body where the parser kept it', () =>
    withServer(
      after(
        async (request) => void Object.assign(request, { rawBody: await read(request), body: {} }),
        toNodeListener(echo),
      ),
      async (url) => {
        const answer = await post(url, '{ "a": 1, "a": 2 }', 'application/json')
        expect(await answer.json()).toMatchObject({ body: '{ "a": 1, "a": 2 }' })
      },
    ))

  test.each([
    ['bytes', (body: Buffer) => body],
    ['a text', (body: Buffer) => body.toString()],
  ])('is %s as the parser left it', (_kind, parse) =>
    withServer(
      after(
        async (request) => void Object.assign(request, { body: parse(await read(request)) }),
        toNodeListener(echo),
      ),
      async (url) => {
        const answer = await post(url, 'a=1&a=2&code[]=x', 'application/x-www-form-urlencoded')
        expect(await answer.json()).toMatchObject({ body: 'a=1&a=2&code[]=x' })
      },
    ),
  )

  test('and was lost is a failure, never an empty or a shorter body', () => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    return withServer(
      after(async (request) => void (await read(request)), toNodeListener(echo, { onError })),
      async (url) => {
        expect((await post(url, 'scope=a', 'application/x-www-form-urlencoded')).status).toBe(500)
        expect(errors).toEqual([expect.any(TypeError)])
      },
    )
  })

  test('and was empty is empty', () =>
    withServer(
      after(async (request) => void (await read(request)), toNodeListener(echo)),
      async (url) => {
        expect(await (await fetch(url, { method: 'POST' })).json()).toMatchObject({ body: '' })
      },
    ))

  test('can be copied, and read as a stream', () => {
    const handler = {
      origin,
      handle: async (request: Request) => {
        const copy = request.clone()
        return Response.json([await copy.text(), await new Response(request.body).text(), copy.url])
      },
    }
    return withServer(
      after(
        async (request) =>
          void Object.assign(request, { body: JSON.parse(String(await read(request))) as unknown }),
        toNodeListener(handler),
      ),
      async (url) => {
        const answer = await post(`${url}/x`, '{"a":1}', 'application/json')
        expect(await answer.json()).toEqual(['{"a":1}', '{"a":1}', `${origin}/x`])
      },
    )
  })
})
