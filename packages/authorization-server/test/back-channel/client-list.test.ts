// The clients as administrators see them
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import type { Storage } from '@gatewright/storage'
import { obtainDocumentTokens } from '../support/document-flow.ts'
import { documentServer, documentUrl } from '../support/document-host.ts'
import { nativeClient, register } from '../support/registration.ts'
import { obtainTokens } from '../support/tokens.ts'
import { testServer } from '../support/test-server.ts'

const redirect_uri = 'http://127.0.0.1:51004/callback'

describe('the list of clients', () => {
  it('has those of the operator with what they may do, and never a secret or its hash', async () => {
    const test = testServer({ administerRegistered: true })
    const found = await test.server.clients.list()
    expect(found.find(({ clientId }) => clientId === 'web')).toEqual({
      clientId: 'web',
      verified: true,
      disabled: false,
      authentication: 'client_secret_basic',
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: ['https://app.example.com/cb'],
      secrets: 1,
    })
    await test.server.clients.rotateSecret('web', { overlap: 60 })
    await test.server.clients.disable('web')
    expect(await test.server.clients.find('web')).toMatchObject({ secrets: 2, disabled: true })
    test.clock.advance(61)
    expect(await test.server.clients.find('web')).toMatchObject({ secrets: 1 })
    expect(await test.server.clients.find('nobody')).toBeUndefined()
  })

  it('has a client that registered itself from the moment at which a user approved it', async () => {
    const test = testServer()
    const { json } = await register(test, { ...nativeClient, client_name: 'Editor' })
    await register(test, { ...nativeClient, client_name: 'Never used' })
    const own = async () => (await test.server.clients.list()).filter(({ verified }) => !verified)
    expect(await own()).toEqual([])
    expect(await test.server.clients.find(json.client_id)).toMatchObject({ clientName: 'Editor' })
    await obtainTokens(test, { client_id: json.client_id, redirect_uri })
    expect(await own()).toMatchObject([{ clientId: json.client_id, clientName: 'Editor', disabled: false }])
    await test.server.clients.disable(json.client_id)
    expect(await own()).toMatchObject([{ clientId: json.client_id, disabled: true }])
    // Forgotten by its source, it is forgotten here.
    test.clock.advance(110 * 86_400)
    expect(await own()).toEqual([])
  })

  it('has a client of a document once a user approved it', async () => {
    const test = documentServer()
    await obtainDocumentTokens(test)
    const found = await test.server.clients.list()
    expect(found.filter(({ verified }) => !verified)).toMatchObject([{ clientId: documentUrl }])
  })

  it('says that the storage cannot list', async () => {
    const inner = createMemoryStorage()
    const storage: Storage = {
      get: (keys, now) => inner.get(keys, now),
      commit: (operations, now) => inner.commit(operations, now),
    }
    await expect(testServer({ storage }).server.clients.list()).rejects.toThrow('cannot list')
  })
})
