import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import type { Entry } from './entry.ts'
import { cursorOf, offsetOf, pageOf, type Page } from './list-page.ts'
import { createPageCache } from './page-cache.ts'
import type { CompiledRequirement } from './requirement.ts'

/** The entries of one kind, and those of them that a set of scopes shows. */
export interface VisibleList {
  add(entry: Entry): void
  /** @returns whether it was there */
  remove(entry: Entry): boolean
  readonly entries: readonly Entry[]
  /** The entries that the holder of these scopes sees, in the order of their registration. */
  of(held: bigint): readonly Entry[]
  /**
   * One page of the same, the first without a cursor.
   *
   * @throws {JsonRpcError} when the cursor does not stem from the same list
   */
  page(held: bigint, cursor: unknown): Page
}

/**
 * Makes an empty list.
 *
 * What a caller sees depends on its scopes alone, so each page is made once for each set of scopes, within a bound.
 */
export function createVisibleList(pageSize: number): VisibleList {
  const entries: Entry[] = []
  const pages = createPageCache()

  function visible(held: bigint): Entry[] {
    const met = new Map<CompiledRequirement, boolean>()
    return entries.filter(({ requirement, list }) => {
      if (list === 'show') return true
      const known = met.get(requirement)
      if (known !== undefined) return known
      const holds = requirement.holds(held)
      met.set(requirement, holds)
      return holds
    })
  }

  function makePage(held: bigint, offset: number): Page {
    const all = visible(held)
    const shown = all.slice(offset, offset + pageSize)
    const last = shown.at(-1)
    const more = offset + pageSize < all.length && last !== undefined
    const texts = shown.map(({ json }) => json)
    return pageOf(texts, more ? cursorOf(held, offset + pageSize, last.name) : undefined)
  }
  return {
    add(entry) {
      entries.push(entry)
      pages.clear()
    },
    remove(entry) {
      const index = entries.indexOf(entry)
      if (index === -1) return false
      entries.splice(index, 1)
      pages.clear()
      return true
    },
    entries,
    of: visible,
    page(held, cursor) {
      if (cursor === undefined) return pages.get(held, 0, () => makePage(held, 0))
      const offset = offsetOf(cursor, held, pageSize, (index) => visible(held)[index]?.name)
      if (offset === undefined) throw new JsonRpcError(errorCode.invalidParams, 'Invalid cursor')
      return pages.get(held, offset, () => makePage(held, offset))
    },
  }
}
