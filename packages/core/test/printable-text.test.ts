import { expect, it } from 'vitest'
import { printableText } from '../src/index.ts'

it('BR-15 leaves out what a reader does not see', () => {
  expect(printableText('a\u0000b\u0007c\u001b[31md\u001b[0m\u001b]8;;https://evil.example\u0007e', 100)).toBe(
    'abcde',
  )
  expect(printableText('pay\u202eevil\u2066\u200b\u200d\ufeff\u00ad', 100)).toBe('payevil')
  expect(printableText('x\u{e0041}\u{e0042}y\ufe0f', 100)).toBe('xy')
  expect(printableText('half \ud83d of', 100)).toBe('half  of')
})

it('keeps lines, tabs, markup and the letters of all languages', () => {
  const text = 'Größe\t<b>bold</b>\n日本語 😀 العربية'
  expect(printableText(text, 100)).toBe(text)
  expect(printableText('a\r\nb\rc', 100)).toBe('a\nb\nc')
})

it('is cut to its length, whatever it is', () => {
  expect(printableText('x'.repeat(100_000), 10)).toBe('xxxxxxxxx…')
  expect(printableText('\u200b'.repeat(100_000) + 'x', 10)).toBe('')
  expect(printableText('12345678😀9', 10)).toBe('12345678…')
})
