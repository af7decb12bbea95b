import { createRevision } from '@gatewright/storage'
import { expect, it } from 'vitest'

it('every revision is new: 22 base64url characters', () => {
  const revisions = Array.from({ length: 100_000 }, () => createRevision())
  expect(new Set(revisions).size).toBe(100_000)
  expect(revisions.every((revision) => /^[\w-]{22}$/.test(revision))).toBe(true)
})
