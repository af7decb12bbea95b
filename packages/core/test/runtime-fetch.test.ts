// RFC 9110 §9.2.2: https://www.rfc-editor.org/rfc/rfc9110.html#section-9.2.2
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultRuntime } from '@gatewright/core'
import { documentServer } from './support/document-server.ts'
import type { DocumentServer } from './support/document-server.ts'

let server: DocumentServer
beforeAll(async () => {
  server = await documentServer((request, response) => {
    request.resume().on('end', () => (request.url === '/dies' ? request.socket.destroy() : response.end()))
  })
})
afterAll(() => server.close())

test.each([
  ['text', 'POST', 'x'],
  ['bytes', 'PUT', new Uint8Array(1)],
  ['nothing', 'DELETE', undefined],
])(
  'a request with %s is sent once, also when its kept connection ends in it',
  async (_what, method, body) => {
    const send = async (path: string) =>
      defaultRuntime.fetch(server.url + path, { method, ...(body === undefined ? {} : { body }) })
    for (const make of [
      send,
      async (path: string) =>
        defaultRuntime.fetch(
          new Request(server.url + path, { method, ...(body === undefined ? {} : { body }) }),
        ),
    ]) {
      await (await make('lives')).text()
      const before = server.requests.length
      await expect(make('dies')).rejects.toThrow()
      expect(server.requests.length - before).toBe(1)
    }
  },
)
