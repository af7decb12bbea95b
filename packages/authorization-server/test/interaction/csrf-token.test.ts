import { describe, expect, it } from 'vitest'
import { csrfToken, isCsrfToken } from '../../src/interaction/csrf-token.ts'

const browser = 'b'.repeat(43)

describe('the token of a form', () => {
  it('CO-04 belongs to one browser and one purpose', async () => {
    const token = await csrfToken(browser, 'handle-1')
    expect(await isCsrfToken(token, browser, 'handle-1')).toBe(true)
    expect(await isCsrfToken(token, browser, 'handle-2')).toBe(false)
    expect(await isCsrfToken(token, 'c'.repeat(43), 'handle-1')).toBe(false)
    expect(await csrfToken(browser, 'account')).not.toBe(token)
  })

  it('CO-04 is not satisfied by nothing, by another length or by another case', async () => {
    const token = await csrfToken(browser, 'x')
    for (const submitted of [null, '', token.slice(1), `${token}x`, token.toUpperCase(), token.toLowerCase()])
      expect(await isCsrfToken(submitted, browser, 'x')).toBe(false)
    expect(await isCsrfToken(token, undefined, 'x')).toBe(false)
  })

  it('CO-04 says nothing about the cookie that it is made of', async () => {
    expect(await csrfToken(browser, 'x')).toMatch(/^[\w-]{43}$/)
    expect(await csrfToken(browser, 'x')).not.toContain('bbb')
  })
})
