import { decodeBase64url, encodeBase64url } from '@gatewright/core'

/** A part of a list. */
export interface Page {
  /** The entries, as the text between the brackets of a JSON array. */
  readonly json: string
  /** The same in UTF-8, made once. Every answer shares it: whoever gets it must not write to it. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where the next part begins; absent on the last page. */
  readonly nextCursor: string | undefined
}

const encoder = new TextEncoder()

/** Makes a page. Its bytes are made when they are first asked for, since a short page is sent as text. */
export function pageOf(json: string, nextCursor: string | undefined): Page {
  let encoded = new Uint8Array()
  return {
    json,
    nextCursor,
    get bytes() {
      // Also when a reader of an answer has transferred the buffer away: nobody may empty the list of others.
      if (encoded.length === 0) encoded = encoder.encode(json)
      return encoded
    },
  }
}

/**
 * Writes where the next page begins: after which entry, at which place, in the list of which scopes.
 *
 * It needs no seal: it is only ever applied to the list of whoever presents it, so nobody sees more by making one up.
 */
export function cursorOf(held: bigint, offset: number, after: string): string {
  return encodeBase64url(new TextEncoder().encode(JSON.stringify([held.toString(36), offset, after])))
}

/** The place that a cursor names, or `undefined` when it was not written for this list as it is now. */
export function offsetOf(
  cursor: unknown,
  held: bigint,
  pageSize: number,
  nameAt: (index: number) => string | undefined,
): number | undefined {
  if (typeof cursor !== 'string' || cursor.length > 4096) return undefined
  const bytes = decodeBase64url(cursor)
  if (bytes === undefined) return undefined
  const [, place] = /^\["[0-9a-z]+",([1-9]\d{0,8}),"/.exec(new TextDecoder().decode(bytes)) ?? []
  const offset = Number(place ?? Number.NaN)
  if (!(offset % pageSize === 0)) return undefined
  const after = nameAt(offset - 1)
  // Only the exact spelling that we would write ourselves: every other is tampered with, or of other scopes.
  return after !== undefined && cursorOf(held, offset, after) === cursor ? offset : undefined
}

/** Remembers pages, within a bound. */
export interface PageCache {
  get(held: bigint, offset: number, make: () => Page): Page
  clear(): void
}

// Each is there as text and as bytes.
const maximumCharacters = 8 * 1024 * 1024

/** Makes an empty cache. */
export function createPageCache(): PageCache {
  const pages = new Map<string, Page>()
  let characters = 0

  function remember(key: string, page: Page): void {
    const { length } = page.json
    if (length > maximumCharacters) return
    for (const [oldest, { json }] of pages) {
      if (characters + length <= maximumCharacters) break
      pages.delete(oldest)
      characters -= json.length
    }
    pages.set(key, page)
    characters += length
  }
  return {
    get(held, offset, make) {
      const key = `${held.toString(36)} ${offset}`
      const known = pages.get(key)
      if (known !== undefined) return known
      const page = make()
      remember(key, page)
      return page
    },
    clear() {
      pages.clear()
      characters = 0
    },
  }
}
