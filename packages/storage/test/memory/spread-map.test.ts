import { expect, it } from 'vitest'
import { createSpreadMap } from '../../src/memory/spread-map.ts'

it('keeps, replaces and removes entries before and after it spreads', () => {
  const map = createSpreadMap<number>()
  for (let index = 0; index < 10_000; index++) map.set(`k${index}`, index)
  for (let index = 0; index < 10_000; index += 2) map.set(`k${index}`, -index)
  expect(map.size).toBe(10_000)
  expect([map.get('k1'), map.get('k2'), map.get('k9999'), map.get('x')]).toEqual([1, -2, 9999, undefined])
  expect([...map.values()].length).toBe(10_000)
  for (let index = 0; index < 10_000; index++) if (index !== 7) map.delete(`k${index}`)
  map.delete('k8')
  expect([map.size, ...map.values()]).toEqual([1, 7])
})

it('knows no entry that was not set, whatever its name', () => {
  const map = createSpreadMap<number>()
  expect(['__proto__', 'constructor', 'size', ''].map((name) => map.get(name))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
