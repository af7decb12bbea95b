import { describe, expect, it } from 'vitest'
import { OAuthError } from '@gatewright/core'
import { commitRounds } from '../../src/grants/commit-rounds.ts'

describe('commitRounds', () => {
  it('gives what the first attempt that was not lost gives', async () => {
    let attempts = 0
    expect(await commitRounds(async () => (++attempts < 5 ? undefined : 'done'))).toBe('done')
    expect(attempts).toBe(5)
  })

  it('is temporarily_unavailable, to be tried again, after five lost rounds', async () => {
    let attempts = 0
    const lost = commitRounds(async () => {
      attempts++
      return undefined
    })
    await expect(lost).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      status: 503,
      headers: { 'retry-after': '1' },
    })
    expect(attempts).toBe(5)
  })

  it('ends with the first refusal: only what a read shows decides', async () => {
    let attempts = 0
    const refused = commitRounds(async () => {
      if (++attempts === 1) return undefined
      throw new OAuthError('invalid_grant', 'used')
    })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_grant' })
    expect(attempts).toBe(2)
  })
})
