// Unlike times, the bytes that a request allocates are the same on every machine, within a few percent from run to run. Node.js 24
// allocates up to a third more than 20, so the limits are a tenth above what it takes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundlePrograms } from './support/programs.ts'
import type { Program, Programs } from './support/programs.ts'

// Only V8 samples allocations, and Deno does not tell of them.
const samples = !('Bun' in globalThis) && !('Deno' in globalThis)

describe.skipIf(!samples)('bytes that a request allocates, beyond the objects of fetch', () => {
  let programs: Programs
  let program: Program
  beforeAll(async () => {
    programs = await bundlePrograms()
    program = await programs.start('allocations', {})
  }, 180_000)
  afterAll(() => programs.close())

  it.each([
    ['a token of client credentials', 'token', 50],
    ['a call of a tool', 'call', 36],
    ['a list of tools', 'list', 26],
  ] as const)('%s', async (_name, of, kilobytes) => {
    const bytes = Number(await program.tell({ name: 'bytes', of }))
    expect(bytes / 1024).toBeGreaterThan(0)
    expect(bytes / 1024).toBeLessThan(kilobytes)
  })
})
