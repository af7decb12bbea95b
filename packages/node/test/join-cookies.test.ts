import { expect, test } from 'vitest'
import { joinCookies } from '../src/join-cookies.ts'

test.each([
  [
    ['Cookie', 'a=1', 'Host', 'x', 'cookie', 'b=2', 'COOKIE', 'c=3'],
    ['Cookie', 'a=1; b=2; c=3', 'Host', 'x'],
  ],
  [
    ['Cookie', 'a=1', 'Cookie', 'b=2'],
    ['Cookie', 'a=1; b=2'],
  ],
  [
    ['Host', 'x', 'Cookie2', 'a=1'],
    ['Host', 'x', 'Cookie2', 'a=1'],
  ],
])('cookies in lines of their own are joined by a semicolon: %j', (given, joined) => {
  joinCookies({ rawHeaders: given, headers: {} })
  expect(given).toEqual(joined)
})

test('the headers of the runtime are made before a line is gone', () => {
  const rawHeaders = ['Cookie', 'a=1', 'Cookie', 'b=2']
  let made: string[] = []
  joinCookies({
    rawHeaders,
    get headers() {
      made = [...rawHeaders]
      return {}
    },
  })
  expect(made).toEqual(['Cookie', 'a=1', 'Cookie', 'b=2'])
})
