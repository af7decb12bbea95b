import { describe, expect, it } from 'vitest'
import { parseParameters } from '../../src/requests/request-parameters.ts'
import { readPrompt } from '../../src/requests/prompt.ts'

const now = 1_000_000_000
const read = (query: string) => readPrompt(parseParameters(query), now)

describe('readPrompt', () => {
  it('asks for nothing when the client asks for nothing', () => {
    const nothing = { none: false, consent: false, authenticatedAfter: undefined }
    expect(read('')).toEqual(nothing)
    expect(read('prompt=&max_age=')).toEqual(nothing)
    expect(read('prompt=consent')).toEqual({ ...nothing, consent: true })
  })

  it('AZ-29 wants a login from now on for login and select_account, whatever max_age says', () => {
    for (const query of ['prompt=login', 'prompt=select_account', 'prompt=consent+login&max_age=3600'])
      expect(read(query).authenticatedAfter).toBe(now)
  })

  it('AZ-29 counts max_age back from now', () => {
    expect(read('max_age=0').authenticatedAfter).toBe(now)
    expect(read('max_age=60').authenticatedAfter).toBe(now - 60_000)
    expect(read('prompt=none&max_age=60')).toEqual({
      none: true,
      consent: false,
      authenticatedAfter: now - 60_000,
    })
  })

  it('AZ-28 AZ-30 refuses contradictions and what is no number of seconds', () => {
    for (const query of ['prompt=none+login', 'prompt=none+none', 'max_age=-1', 'max_age=1e9', 'max_age=+1'])
      expect(() => read(query)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it('takes a value for what it is, in its case', () => {
    expect(read('prompt=NONE').none).toBe(false)
    expect(read('prompt=LOGIN').authenticatedAfter).toBeUndefined()
  })
})
