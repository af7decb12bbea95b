import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import { signingKeys } from '@gatewright/authorization-server'
import type { SigningAlgorithm, SigningKeysOptions } from '@gatewright/authorization-server'

const seal = 'a seal for tests of more than 32 characters'

describe('signingKeys', () => {
  it('PV-13 refuses a seal that is missing or too short, alone or in a list', () => {
    for (const wrong of [undefined, '', 'short', 'x'.repeat(31), [], ['short'], [seal, 'short']])
      expect(() => signingKeys({ seal: wrong as string })).toThrow(TypeError)
    expect(() => signingKeys({ seal: false })).not.toThrow()
    expect(() => signingKeys({ seal: [seal, seal] })).not.toThrow()
  })

  it('CK-04 refuses durations that are no number of seconds above 0', () => {
    for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60' as unknown as number])
      for (const name of ['rotateEvery', 'publishAhead', 'keepAfter'])
        expect(() => signingKeys({ seal, [name]: wrong })).toThrow(name)
  })

  it('JW-17 refuses an algorithm that it does not have', () => {
    for (const algorithm of ['none', 'HS256', 'RS512', 'es256', '', 'constructor'])
      expect(() => signingKeys({ seal, algorithm: algorithm as SigningAlgorithm })).toThrow(TypeError)
  })

  it('says what to do when the stored keys were sealed with another secret, and makes no others', async () => {
    const storage = createMemoryStorage()
    const open = (other: SigningKeysOptions['seal']) =>
      signingKeys({ seal: other }).open({ storage, partition: 'p' })
    const { keys } = await open(seal).jwks(1)
    const another = 'another seal of more than 32 characters'
    for (const wrong of [another, [another], false] as const) {
      await expect(open(wrong).jwks(1)).rejects.toThrow(/cannot be opened.*pass both as a list/)
      await expect(open(wrong).signer(1)).rejects.toThrow(TypeError)
    }
    expect(await open([another, seal]).jwks(1)).toEqual({ keys })
    expect(await open(seal).jwks(1)).toEqual({ keys })
  })

  it('signs by the key of the period, which a clock set back finds again', async () => {
    const ring = signingKeys({ seal, rotateEvery: 1000, publishAhead: 100, keepAfter: 100 }).open({
      storage: createMemoryStorage(),
      partition: 'p',
    })
    const first = await ring.signer(1_500_000)
    const second = await ring.signer(2_500_000)
    expect(second.kid).not.toBe(first.kid)
    expect((await ring.signer(1_999_999)).kid).toBe(first.kid)
    expect((await ring.signer(2_000_000)).kid).toBe(second.kid)
  })

  it('CK-02 finds no key of the period before, and makes it when the clock is set back to it', async () => {
    const ring = signingKeys({ seal, rotateEvery: 1000, publishAhead: 100, keepAfter: 900 }).open({
      storage: createMemoryStorage(),
      partition: 'p',
    })
    expect((await ring.jwks(2_000_000)).keys).toHaveLength(1)
    const back = await ring.signer(1_999_000)
    expect((await ring.jwks(2_000_000)).keys.map((key) => (key as { kid?: string }).kid)).toContain(back.kid)
  })
})
