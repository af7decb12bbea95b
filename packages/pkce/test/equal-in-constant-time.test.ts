import { describe, expect, it } from 'vitest'
import { equalInConstantTime } from '../src/equal-in-constant-time.ts'

/** The numbers, and how often each of them is read. */
function countingReads(numbers: readonly number[]): { sequence: ArrayLike<number>; reads: string[] } {
  const reads: string[] = []
  const sequence = new Proxy(numbers, {
    get(target, property) {
      if (property !== 'length') reads.push(String(property))
      return Reflect.get(target, property)
    },
  })
  return { sequence, reads }
}

describe('PK-19 the comparison', () => {
  it('tells equal from different', () => {
    expect(equalInConstantTime([1, 2, 3], [1, 2, 3])).toBe(true)
    expect(equalInConstantTime([], [])).toBe(true)
    expect(equalInConstantTime([1, 2, 3], [1, 2, 4])).toBe(false)
    expect(equalInConstantTime([0, 2, 3], [1, 2, 3])).toBe(false)
    expect(equalInConstantTime([1, 2], [2, 1])).toBe(false)
    expect(equalInConstantTime([1, 2, 3], [1, 2])).toBe(false)
    expect(equalInConstantTime([1, 2], [1, 2, 3])).toBe(false)
    expect(equalInConstantTime([], [0])).toBe(false)
  })

  it('reads every position once, wherever the first difference is', () => {
    const stored = Array.from({ length: 43 }, (_, at) => at)
    const everyPosition = stored.map(String)
    for (const different of [undefined, 0, 21, 42]) {
      const { sequence, reads } = countingReads(stored)
      const presented = stored.map((value, at) => (at === different ? 255 : value))
      expect(equalInConstantTime(sequence, presented)).toBe(different === undefined)
      expect(reads).toEqual(everyPosition)
    }
  })
})
