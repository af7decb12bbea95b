import { afterEach, describe, expect, test } from 'vitest'
import { addressKind } from '@gatewright/core'
import { pinnedFetch as unpinned } from '../src/pinned-fetch.ts'
import { pinnedFetch } from '../src/pinned-fetch.node.ts'
import type { Resolve } from '../src/fetch-pinned.node.ts'
import { documentServer } from './support/document-server.ts'
import type { DocumentServer } from './support/document-server.ts'

const request = {
  method: 'GET',
  headers: new Headers(),
  body: null,
  redirect: 'manual',
  signal: new AbortController().signal,
} as const
const publicOnly = (address: readonly number[]) => addressKind(address) === 'public'
const v4 = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }))
const open: DocumentServer[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function canary(): Promise<DocumentServer> {
  const server = await documentServer((incoming, response) => response.end(incoming.headers.host))
  open.push(server)
  return server
}

describe('the connection of a guarded fetch on Node.js', () => {
  test('CM-11 a name with one public and one private address is refused', async () => {
    const { port, connections } = await canary()
    for (const addresses of [v4('93.184.215.14', '127.0.0.1'), v4('127.0.0.1', '93.184.215.14'), []]) {
      const fetcher = pinnedFetch(publicOnly, async () => addresses)
      await expect(fetcher(new URL(`http://rebind.example:${port}/`), request)).rejects.toThrow(
        'not at a public address',
      )
    }
    expect(connections()).toBe(0)
  })

  test('CM-11 the address that was checked is the one that is connected to, whatever the name server says next', async () => {
    const { port } = await canary()
    let asked = 0
    const rebinding: Resolve = async () => v4(++asked === 1 ? '127.0.0.1' : '127.0.0.2')
    const seen: string[] = []
    const fetcher = pinnedFetch(
      (address) => (seen.push(address.join('.')), address.join('.') === '127.0.0.1'),
      rebinding,
    )
    const response = await fetcher(new URL(`http://rebind.example:${port}/`), request)
    expect(await response.text()).toBe(`rebind.example:${port}`)
    expect(asked).toBe(1)
    // Once as resolved, once as connected.
    expect(seen).toEqual(['127.0.0.1', '127.0.0.1'])
  })

  test('CM-11 a connection that came out elsewhere is dropped before a byte is sent', async () => {
    const { port, requests } = await canary()
    let checks = 0
    // The second check is of the socket's peer.
    const fetcher = pinnedFetch(
      () => ++checks === 1,
      async () => v4('127.0.0.1'),
    )
    await expect(fetcher(new URL(`http://rebind.example:${port}/`), request)).rejects.toThrow(
      'not at a public address',
    )
    await new Promise((done) => setTimeout(done, 50))
    expect(requests).toEqual([])
  })

  test('the next address is tried when one does not answer', async () => {
    const { port } = await canary()
    const fetcher = pinnedFetch(
      () => true,
      async () => [{ address: '::1', family: 6 }, ...v4('127.0.0.1')],
    )
    expect((await fetcher(new URL(`http://both.example:${port}/`), request)).status).toBe(200)
  })

  test('a name that does not exist is an error', async () => {
    await expect(
      pinnedFetch(publicOnly)(new URL('https://does-not-exist.invalid/'), request),
    ).rejects.toThrow()
  })
})

test('where a runtime cannot pin the address, there is no guarded fetch without one from the integrator', () => {
  expect(() => unpinned(() => true)).toThrow('pass the option fetch')
})
