import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import { issuer, testServer } from './support/test-server.ts'

const doubts = async (overrides: Parameters<typeof testServer>[0]) => {
  const { server, events } = testServer(overrides)
  await server.metadata()
  await server.metadata()
  return events.filter(({ type }) => type === 'server.doubted')
}

describe('SU-01 a configuration that should not go into production', () => {
  it('a storage that forgets is named once, with what to do', async () => {
    expect(await doubts({ storage: createMemoryStorage() })).toMatchObject([
      { reason: 'volatile_storage', message: expect.stringContaining('@gatewright/storage-sqlite') },
    ])
  })

  it('not on this machine, and not with a storage that keeps what it is given', async () => {
    const here = 'http://127.0.0.1:8787'
    expect(
      await doubts({
        issuer: here,
        resources: [{ resource: `${here}/mcp` }],
        storage: createMemoryStorage(),
      }),
    ).toEqual([])
    expect(await doubts({ storage: { ...createMemoryStorage(), volatile: false } })).toEqual([])
  })

  it('an issuer without https is refused unless it is on this machine', () => {
    expect(() => testServer({ issuer: issuer.replace('https', 'http') })).toThrow(TypeError)
  })
})
