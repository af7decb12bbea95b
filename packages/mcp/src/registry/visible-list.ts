import type { Caller } from './caller.ts'
import type { Entry } from './entry.ts'
import type { ScopeMasks } from './scope-mask.ts'

/** The entries of one kind that a caller may see. */
export interface VisibleList {
  add(entry: Entry): void
  readonly size: number
  /** The entries that a caller sees, in the order of their registration. */
  of(caller: Caller | undefined): readonly Readonly<Record<string, unknown>>[]
  /** The same as the text between the brackets of a JSON array. */
  jsonOf(caller: Caller | undefined): string
}

const maximumCharacters = 16 * 1024 * 1024

/**
 * Makes an empty list.
 *
 * What a caller sees depends on its scopes alone, so the text is made once for each set of scopes, within a bound.
 */
export function createVisibleList(masks: ScopeMasks): VisibleList {
  const entries: Entry[] = []
  const texts = new Map<bigint, string>()
  let characters = 0
  const visible = (held: bigint) =>
    entries.filter(({ mask, list }) => list === 'show' || (held & mask) === mask)

  function remember(held: bigint, text: string): void {
    if (text.length > maximumCharacters) return
    for (const [oldest, { length }] of texts) {
      if (characters + text.length <= maximumCharacters) break
      texts.delete(oldest)
      characters -= length
    }
    texts.set(held, text)
    characters += text.length
  }

  return {
    add(entry) {
      entries.push(entry)
      texts.clear()
      characters = 0
    },
    get size() {
      return entries.length
    },
    of: (caller) =>
      caller === undefined ? [] : visible(masks.held(caller.scopes)).map(({ listed }) => listed),
    jsonOf(caller) {
      if (caller === undefined) return ''
      const held = masks.held(caller.scopes)
      const known = texts.get(held)
      if (known !== undefined) return known
      const text = visible(held)
        .map(({ json }) => json)
        .join(',')
      remember(held, text)
      return text
    },
  }
}
