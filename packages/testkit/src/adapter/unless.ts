import { test } from 'vitest'
import type { TestContext } from 'vitest'

type Declare = Pick<typeof test, 'each'> & ((name: string, run: (context: TestContext) => unknown) => void)

const nothing: Declare = Object.assign(() => {}, { each: () => () => {} })

/** Declares a test, but not for an adapter that the case cannot happen to: such a test would be skipped for ever. */
export function unless(inapplicable: boolean): Declare {
  return inapplicable ? nothing : test
}
