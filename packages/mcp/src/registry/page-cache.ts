import type { Page } from './list-page.ts'

/** Remembers pages, within a bound. */
export interface PageCache {
  get(held: bigint, offset: number, make: () => Page): Page
  clear(): void
}

const maximumCharacters = 8 * 1024 * 1024

/** Makes an empty cache. */
export function createPageCache(): PageCache {
  // Each page has a holder, which is emptied when it leaves: tables that a Map has outgrown keep what was in them until the engine
  // collects everything.
  const holders = new Map<string, { page: Page | undefined }>()
  let characters = 0

  function remember(key: string, page: Page): void {
    if (page.length > maximumCharacters) return
    for (const [oldest, holder] of holders) {
      if (characters + page.length <= maximumCharacters) break
      holders.delete(oldest)
      characters -= holder.page?.length ?? 0
      holder.page = undefined
    }
    holders.set(key, { page })
    characters += page.length
  }
  return {
    get(held, offset, make) {
      const key = `${held.toString(36)} ${offset}`
      const known = holders.get(key)?.page
      if (known !== undefined) return known
      const page = make()
      remember(key, page)
      return page
    },
    clear() {
      holders.clear()
      characters = 0
    },
  }
}
