// RFC 8018 §5.2: https://www.rfc-editor.org/rfc/rfc8018.html#section-5.2
import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashClientSecret, registered } from '@gatewright/authorization-server'
import { isSecretHash, isSecretOf } from '../../src/client-authentication/secret-hash.ts'
import { createSlowWork } from '../../src/client-authentication/slow-work.ts'
import { post } from '../support/flow.ts'
import { testServer } from '../support/test-server.ts'

const attempt = { grant_type: 'refresh_token', refresh_token: 'x' }
const serverWith = (client_secret_hash: string | string[]) =>
  testServer({
    clients: [
      registered(
        { client_id: 'web', client_secret_hash, redirect_uris: ['https://app.example.com/cb'] },
        {
          client_id: 'other',
          client_secret: 'generated-secret',
          redirect_uris: ['https://app.example.com/cb'],
        },
      ),
    ],
  })

describe('the hash of a secret that a person chose', () => {
  it('CA-10 is slow, salted and checked in rounds that every runtime takes', async () => {
    const hash = await hashClientSecret('correct horse')
    const [, rounds, salt = '', digest] =
      /^pbkdf2-sha256\$(\d+)x100000\$([\w-]{22})\$([\w-]{43})$/.exec(hash) ?? []
    expect(Number(rounds) * 100_000).toBeGreaterThanOrEqual(600_000)
    let bytes: Uint8Array = Buffer.from('correct horse')
    for (let round = 0; round < Number(rounds); round++)
      bytes = pbkdf2Sync(bytes, Buffer.from(salt, 'base64url'), 100_000, 32, 'sha256')
    expect(Buffer.from(bytes).toString('base64url')).toBe(digest)
    expect(await hashClientSecret('correct horse')).not.toBe(hash)
    expect([await isSecretOf(hash, 'correct horse'), await isSecretOf(hash, 'correct horsf')]).toEqual([
      true,
      false,
    ])
  })

  it.each([
    '',
    'secret',
    'pbkdf2-sha256$0x100000$c2FsdHNhbHRzYWx0c2FsdA$x',
    `pbkdf2-sha256$999x100000$${'s'.repeat(22)}$${'h'.repeat(43)}`,
    'scrypt$x',
  ])('%s is none', async (text) => {
    expect(isSecretHash(text)).toBe(false)
    expect(() => serverWith(text)).toThrow('hashClientSecret')
  })

  it('lets the client in by its secret, by Basic and in the form, and nobody by the hash', async () => {
    const hash = await hashClientSecret('correct horse')
    const test = serverWith(hash)
    for (const [secret, status] of [
      ['correct horse', 400],
      ['wrong', 401],
      [hash, 401],
      ['correct horse', 400],
    ] as const) {
      expect((await post(test, '/token', attempt, { basic: `web:${secret}` })).status).toBe(status)
      expect(
        (await post(test, '/token', { ...attempt, client_id: 'web', client_secret: secret })).status,
      ).toBe(status)
    }
  })

  it('CA-13 two hashes are good while a secret is rotated', async () => {
    const test = serverWith([await hashClientSecret('new'), await hashClientSecret('old')])
    for (const secret of ['new', 'old'])
      expect((await post(test, '/token', attempt, { basic: `web:${secret}` })).status).toBe(400)
  })

  it('DS-09 hundreds of guesses at once leave room for others, and those beyond the bound are told to wait', async ({
    skip,
  }) => {
    if ('WebSocketPair' in globalThis)
      skip('workerd derives each key at once, on the one thread that it has, so that no guess ever waits')
    // One round, so that the test is about the bound and not about the machine.
    const test = serverWith(`pbkdf2-sha256$1x100000$${'s'.repeat(22)}$${'h'.repeat(43)}`)
    const order: string[] = []
    const guesses = Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        post(test, '/token', attempt, { basic: `web:guess-${index}` }),
      ),
    ).finally(() => order.push('guesses'))
    const others = post(test, '/token', attempt, { basic: 'other:generated-secret' }).finally(() =>
      order.push('another'),
    )
    expect((await others).status).toBe(400)
    const answers = await guesses
    expect(order).toEqual(['another', 'guesses'])
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(18)
    expect(statuses.filter((status) => status === 503)).toHaveLength(182)
    expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('1')
  })
})

describe('createSlowWork', () => {
  it('runs two at once, in the order of their coming, and goes on after a failure', async () => {
    const slowWork = createSlowWork()
    let running = 0
    let most = 0
    const order: number[] = []
    const work = Array.from({ length: 18 }, (_, index) =>
      slowWork(async () => {
        most = Math.max(most, ++running)
        order.push(index)
        await new Promise((done) => setTimeout(done, 1))
        running--
        if (index % 3 === 0) throw new Error('failed')
        return index
      }).catch(() => -1),
    )
    await Promise.all(work)
    expect([most, running]).toEqual([2, 0])
    expect(order).toEqual(Array.from({ length: 18 }, (_, index) => index))
  })
})
