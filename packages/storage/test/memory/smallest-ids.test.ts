import { expect, it } from 'vitest'
import { compareCodePoints, smallestIds } from '../../src/memory/smallest-ids.ts'

it.each([1, 3, 64, 1000, 5000])('finds the smallest %i of many', (limit) => {
  const ids = Array.from({ length: 3000 }, (_, index) => `id${(index * 7919) % 3001}`)
  for (const order of [ids, ids.toSorted(), ids.toSorted().toReversed()])
    expect(smallestIds(order, limit)).toEqual(ids.toSorted().slice(0, limit))
})

it('compares as the UTF-8 bytes would', () => {
  const bytes = (text: string) => Buffer.from(text)
  const texts = [
    '',
    'a',
    'b',
    'aa',
    '\u007f',
    'ä',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
    'a\uffff',
    'a😀',
  ]
  for (const one of texts)
    for (const other of texts)
      expect([one, other, Math.sign(compareCodePoints(one, other))]).toEqual([
        one,
        other,
        Buffer.compare(bytes(one), bytes(other)),
      ])
})
