// RFC 9110 §11.6.1: https://www.rfc-editor.org/rfc/rfc9110.html#section-11.6.1
import { describe, expect, it } from 'vitest'
import { bearerParameters } from '../src/bench/challenge.ts'

const read = (header: string) => {
  const found = bearerParameters(new Headers({ 'www-authenticate': header }))
  return found === undefined ? undefined : Object.fromEntries(found)
}

describe('the parameters of a challenge', () => {
  it('are read whatever the order, the quotes and the schemes around them', () => {
    expect(read('Bearer')).toEqual({})
    expect(read('bearer realm="a, b", ERROR=invalid_token')).toEqual({
      realm: 'a, b',
      error: 'invalid_token',
    })
    expect(read('Basic realm="x", Bearer scope="a \\"b\\""')).toEqual({ scope: 'a "b"' })
    expect(read('Bearer error="first", error="second"')).toEqual({ error: 'first' })
    expect(read('Basic realm="x"')).toBeUndefined()
    expect(read('NotBearer realm="x"')).toBeUndefined()
  })

  it.each([
    [' '],
    [','],
    [', '],
    [',bearer'],
    ['a'],
    ['a='],
    ['a=b '],
    ['a=b,'],
    ['a="'],
    ['a="\\'],
    ['"'],
    ['\\'],
    ['='],
    ['a-'],
  ])('DS-01 are read out of 100 KB of %j in milliseconds', (unit) => {
    const text = unit.repeat(100_000 / unit.length)
    for (const header of [
      text,
      `Bearer ${text}`,
      `Bearer a="${text}`,
      `Bearer a="${text}"x`,
      `Bearer a=${text}!`,
      `Bearer a=${text}"`,
    ]) {
      // Processor time: what else the machine does must not count.
      const before = process.cpuUsage()
      read(header)
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(50)
    }
  })
})
