import { expect, test } from 'vitest'
import { readText } from '../src/workspace.ts'

const source = readText('packages/core/src/events.ts')
const page = readText('docs/guide/events.md')

test('the page about events names every event and every field, and none that does not exist', () => {
  const union = /export type EventType =([^]*?)\n\n/.exec(source)?.[1] ?? ''
  const types = [...union.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, name]) => name)
  const documented = [...page.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, name]) => name)
  expect(types.length).toBeGreaterThan(20)
  expect(new Set(documented)).toEqual(new Set(types))

  const details = /export interface EventDetails \{([^]*?)\n\}/.exec(source)?.[1] ?? ''
  const fields = [...details.matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name)
  expect(fields.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
