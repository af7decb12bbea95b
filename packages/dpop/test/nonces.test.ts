// RFC 9449 §8: https://www.rfc-editor.org/rfc/rfc9449.html#section-8
import { createHmac } from 'node:crypto'
import { createNonces } from '@gatewright/dpop'
import { describe, expect, it } from 'vitest'

const secret = 'a secret of tests with more than 32 characters'

describe('nonces', () => {
  it('follow from the secret, the purpose and the slot of time alone, so that a restart changes none', async () => {
    const by = (text: string) =>
      createHmac('sha256', secret).update(text).digest().subarray(0, 16).toString('base64url')
    expect(await createNonces({ secret }).current(0)).toBe(by('dpop-nonce.0'))
    expect(await createNonces({ secret }).current(300_000)).toBe(by('dpop-nonce.1'))
    expect(await createNonces({ secret, lifetime: 60 }, 'attestation').current(120_000)).toBe(
      by('attestation.2'),
    )
  })

  it('are fresh in their slot, old in the next, and nothing before or after', async () => {
    const nonces = createNonces({ secret })
    const nonce = await nonces.current(300_000)
    const verdicts = [299_999, 300_000, 599_999, 600_000, 899_999, 900_000].map((now) =>
      nonces.judge(nonce, now),
    )
    expect(await Promise.all(verdicts)).toEqual([undefined, 'fresh', 'fresh', 'old', 'old', undefined])
  })
})
