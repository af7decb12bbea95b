import { describe, expect, it } from 'vitest'
import { startBackend } from './support/backend.ts'
import { bridgeTo, documentOf } from './support/bridge.ts'

const backend = await startBackend()
const { call, said, events } = bridgeTo(backend.origin, documentOf('/x', {}))

async function answered(body: string | Uint8Array, type: string | undefined, status = 200) {
  backend.answer((_, response) => {
    response.statusCode = status
    if (type !== undefined) response.setHeader('content-type', type)
    response.end(body)
  })
  return call()
}

describe('an answer', () => {
  it('in JSON is text, and structured when it is an object', async () => {
    expect(await answered('{"a": 1}', 'application/json; charset=utf-8')).toEqual({
      content: [{ type: 'text', text: '{"a": 1}' }],
      structuredContent: { a: 1 },
    })
    expect(await answered('[1]', 'application/problem+json')).toEqual({
      content: [{ type: 'text', text: '[1]' }],
    })
    expect(await answered('{not json', 'application/json')).toEqual({
      content: [{ type: 'text', text: '{not json' }],
    })
  })

  it('BR-19 in HTML is text, and nothing in it is looked at', async () => {
    const page = '<script src="https://evil.example/x.js"></script>'
    expect(await answered(page, 'text/html')).toEqual({ content: [{ type: 'text', text: page }] })
  })

  it('BR-19 of bytes is base64 with its type', async () => {
    const bytes = Uint8Array.from([0, 255, 1, 254])
    expect(await answered(bytes, 'image/png')).toEqual({
      content: [{ type: 'image', data: 'AP8B/g==', mimeType: 'image/png' }],
    })
    expect(await answered(bytes, 'application/pdf')).toEqual({
      content: [
        {
          type: 'resource',
          resource: { uri: 'urn:tool-result:my_api_op', mimeType: 'application/pdf', blob: 'AP8B/g==' },
        },
      ],
    })
    expect(await answered(bytes, undefined)).toMatchObject({
      content: [{ resource: { mimeType: 'application/octet-stream' } }],
    })
    expect(await answered(bytes, 'image/png";x=<script>')).toMatchObject({
      content: [{ resource: { mimeType: 'application/octet-stream' } }],
    })
  })

  it('BR-19 in a wrong or unknown charset is text all the same', async () => {
    expect(said(await answered(Uint8Array.from([0xff, 0x41]), 'text/plain; charset=utf-8'))).toBe('\ufffdA')
    expect(said(await answered(Uint8Array.from([0xe9]), 'text/plain; charset=iso-8859-1'))).toBe('é')
    expect(said(await answered('é', 'text/plain; charset=nonsense'))).toBe('é')
  })

  it('without a body says that it is done', async () => {
    expect(said(await answered('', undefined, 204))).toBe('Done (HTTP 204).')
  })

  it('that refuses the arguments tells the model why', async () => {
    const result = await answered('{"message":"name\u200b is taken"}', 'application/json', 422)
    expect(result).toMatchObject({ isError: true })
    expect(said(result)).toBe('The API refused the call (HTTP 422).\n{"message":"name is taken"}')
    expect(said(await answered('x'.repeat(100_000), 'text/plain', 400)).length).toBeLessThan(2100)
  })

  it('that failed tells nothing of what is behind', async () => {
    const result = await answered('Error at /srv/app/db.ts:12', 'text/plain', 500)
    expect(result).toEqual({ content: [{ type: 'text', text: 'The API failed (HTTP 500).' }], isError: true })
  })

  it('with a redirect is not followed', async () => {
    backend.answer((_, response) => {
      response.writeHead(302, { location: `${backend.origin}/admin` })
      response.end()
    })
    backend.take()
    expect((await call()).isError).toBe(true)
    expect(backend.take().map(({ url }) => url)).toEqual(['/x'])
  })

  it('is told to the operator', async () => {
    events.length = 0
    await answered('{}', 'application/json', 200)
    expect(events).toMatchObject([
      {
        type: 'upstream.called',
        name: 'my_api_op',
        subject: 'alice',
        clientId: 'claude-public',
        reason: 'http_200',
      },
      { type: 'tool.called' },
    ])
  })
})
