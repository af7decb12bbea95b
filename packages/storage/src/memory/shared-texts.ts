/** Texts that records have in common, each kept once and known by a number. */
export interface SharedTexts {
  /** The number of a text, which counts one use of it; `undefined` for one that is not shared (yet). */
  use(text: string): number | undefined
  textOf(number: number): string
  /** Ends one use: a text that no record has is forgotten. */
  release(number: number): void
}

const most = 16_384
const longest = 256
const slots = 4096

/**
 * Creates an empty table. A text is shared from the second time that it comes within a while: most of what comes once is of one record
 * alone. At most 16,384 are, so that the table never grows large enough to stop the process for it.
 */
export function createSharedTexts(): SharedTexts {
  const numbers = new Map<string, number>()
  const texts: string[] = []
  const uses: number[] = []
  const free: number[] = []
  // Hashes instead of texts: what came once may be a secret, and is kept by its record alone.
  const seen = new Int32Array(slots)

  function add(text: string): number | undefined {
    const sum = hashOf(text)
    if (seen[sum & (slots - 1)] !== sum) {
      seen[sum & (slots - 1)] = sum
      return undefined
    }
    if (numbers.size === most) return undefined
    const number = free.pop() ?? texts.length
    const own = unattached(text)
    texts[number] = own
    uses[number] = 1
    numbers.set(own, number)
    return number
  }

  return {
    use(text) {
      if (text.length > longest) return undefined
      const number = numbers.get(text)
      if (number === undefined) return add(text)
      uses[number] = (uses[number] ?? 0) + 1
      return number
    },
    textOf: (number) => texts[number] ?? '',
    release(number) {
      const left = (uses[number] ?? 0) - 1
      uses[number] = left
      if (left > 0) return
      numbers.delete(texts[number] ?? '')
      texts[number] = ''
      free.push(number)
    },
  }
}

/**
 * Returns an equal string that keeps nothing else alive. An engine may represent `body.slice(…)` as a view on the whole body: a name
 * of 40 characters would then hold the 64 KB request that somebody padded around it.
 */
function unattached(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}

function hashOf(text: string): number {
  let hash = text.length
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619)
  return hash ^ (hash >>> 15)
}
