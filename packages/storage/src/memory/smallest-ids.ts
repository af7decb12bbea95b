/**
 * Returns the smallest `limit` of many strings in ascending order of code points, without sorting them all.
 */
export function smallestIds(ids: Iterable<string>, limit: number): string[] {
  const room = Math.max(limit * 2, 64)
  let kept: string[] = []
  let bound: string | undefined
  for (const id of ids) {
    if (bound !== undefined && compareCodePoints(id, bound) >= 0) continue
    kept.push(id)
    if (kept.length < room) continue
    kept = kept.sort(compareCodePoints).slice(0, limit)
    bound = kept.at(-1)
  }
  return kept.sort(compareCodePoints).slice(0, limit)
}

/**
 * Compares two well-formed strings by code points, which is also the order of their UTF-8 bytes in a database. The
 * `<` of JavaScript compares UTF-16 units and puts a character beyond U+FFFF before one at U+E000.
 */
export function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const left = one.charCodeAt(index)
    const right = other.charCodeAt(index)
    if (left !== right) return rank(left) - rank(right)
  }
  return one.length - other.length
}

/** Moves the surrogates behind all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
