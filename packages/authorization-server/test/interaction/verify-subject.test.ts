import { describe, expect, it } from 'vitest'
import type { Subject } from '@gatewright/core'
import { verifySubject } from '../../src/interaction/verify-subject.ts'

const now = 1_000

describe('verifySubject', () => {
  it('passes a subject on, and nothing that came with it', () => {
    const returned = { subject: 'alice', authenticatedAt: 900, amr: ['pwd'], admin: true, sessionId: 'x' }
    expect(verifySubject(returned, now)).toEqual({ subject: 'alice', authenticatedAt: 900, amr: ['pwd'] })
    expect(verifySubject({ subject: 'alice', authenticatedAt: 0 }, now)).toEqual({
      subject: 'alice',
      authenticatedAt: 0,
    })
  })

  it('AZ-29 takes a time in the future for now', () => {
    expect(verifySubject({ subject: 'alice', authenticatedAt: 8.64e15 }, now).authenticatedAt).toBe(now)
  })

  it('CO-28 refuses everything else', () => {
    const wrong: unknown[] = [undefined, null, 'alice', 7, {}, { subject: 'alice' }, { authenticatedAt: 1 }]
    const times = [Number.NaN, Number.POSITIVE_INFINITY, '1', null, 1n]
    wrong.push(...times.map((authenticatedAt) => ({ subject: 'alice', authenticatedAt })))
    wrong.push(...[1, '', null, ['alice']].map((subject) => ({ subject, authenticatedAt: 1 })))
    wrong.push(
      ...['pwd', [1], [null], {}, null].map((amr) => ({ subject: 'alice', authenticatedAt: 1, amr })),
    )
    for (const returned of wrong)
      expect(() => verifySubject(returned as Subject, now)).toThrow(
        expect.objectContaining({ code: 'server_error' }),
      )
  })
})
