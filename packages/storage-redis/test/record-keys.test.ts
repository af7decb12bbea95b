import { describe, expect, it } from 'vitest'
import { createRecordKeys } from '../src/record-keys.ts'

const names = createRecordKeys('gatewright')

/** What Redis hashes to find the slot: its own rule, written down once more. */
function hashTag(key: string): string {
  const start = key.indexOf('{')
  const end = key.indexOf('}', start + 1)
  return start >= 0 && end > start + 1 ? key.slice(start + 1, end) : key
}

describe('the names of keys', () => {
  it.each(['p', '{p}', '}p', 'a}{b', '{}', '}', '{', '%7Bp%7D', 'a:b', '日本'])(
    'put all records of the partition %j and its index into one slot of their own',
    (partition) => {
      const keys = ['c', '{x}', 'a:b', '}'].flatMap((collection) =>
        ['i', '{y}', '}'].map((id) => names.record({ partition, collection, id })),
      )
      const tags = new Set([names.index(partition), ...keys].map(hashTag))
      expect(tags.size).toBe(1)
      const [tag = ''] = tags
      expect(tag).not.toMatch(/[{}]/)
      expect(decodeURIComponent(tag)).toBe(partition)
    },
  )

  it('are different for different partitions, whatever braces and escapes they contain', () => {
    const partitions = ['p', '{p}', '%7Bp%7D', '%257Bp%257D', 'p}', 'p%7D', 'p}:c:i', 'p:c:i']
    const keys = partitions.flatMap((partition) => [
      names.index(partition),
      names.record({ partition, collection: 'c', id: 'i' }),
    ])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('tell an index from a record that looks like one', () => {
    expect(names.isIndex(names.index('p'))).toBe(true)
    expect(names.isIndex(names.record({ partition: 'p', collection: 'c', id: 'x}' }))).toBe(false)
    expect(names.isIndex(names.record({ partition: 'p', collection: 'c', id: '{x}' }))).toBe(false)
    expect(names.isIndex(createRecordKeys('gatewright:b').index('p'))).toBe(false)
    expect(createRecordKeys('a.b').isIndex('axb:{p}')).toBe(false)
  })

  it.each(['', 'a{b', 'a}b', 'a b', 'a*', 'ä', 'x'.repeat(65), 1, null])(
    'CK-04 refuse the prefix %j with a TypeError',
    (prefix) => {
      expect(() => createRecordKeys(prefix as string)).toThrow(TypeError)
    },
  )
})
