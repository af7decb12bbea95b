import * as chosen from '#platform'
import { expect, it } from 'vitest'
import * as portable from '../src/platform.ts'

it('a Worker loads what runs anywhere, and nothing that is for Node.js', () => {
  expect({ ...chosen }).toEqual({ ...portable })
})
