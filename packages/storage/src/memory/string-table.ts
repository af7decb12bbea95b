const slots = 1024
const longestShared = 256

/**
 * Creates a function that returns an equal string which keeps nothing else alive.
 *
 * An engine may represent `body.slice(…)` as a view on the whole body: a stored 40-character code would then hold
 * the 64 KB request that somebody padded around it. Strings that come again and again (client ids, scopes,
 * resources) are shared among records.
 */
export function createStringTable(): (text: string) => string {
  const table: string[] = Array.from({ length: slots }, () => '')
  return (text) => {
    // No engine makes views of fewer than 13 characters.
    if (text.length < 13) return text
    if (text.length > longestShared) return compact(text)
    const slot = slotOf(text)
    const known = table[slot]
    if (known === text) return known
    const fresh = compact(text)
    table[slot] = fresh
    return fresh
  }
}

function compact(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}

function slotOf(text: string): number {
  const { length } = text
  let hash = length
  for (const index of [length >>> 2, length >>> 1, length - 5, length - 1])
    hash = (hash * 31 + text.charCodeAt(index)) | 0
  return (hash ^ (hash >>> 10)) & (slots - 1)
}
