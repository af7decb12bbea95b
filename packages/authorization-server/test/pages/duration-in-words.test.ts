import { expect, it } from 'vitest'
import { durationInWords } from '../../src/pages/duration-in-words.ts'

it.each([
  [7_776_000, '90 days'],
  [172_800, '2 days'],
  [172_801, '3 days'],
  [86_400, '24 hours'],
  [5_400, '90 minutes'],
  [60, '1 minute'],
  [1, '1 minute'],
])('%d seconds are %s', (seconds, words) => {
  expect(durationInWords(seconds, 'en')).toBe(words)
})
