import type { Language } from './language.ts'

/**
 * The language for a visitor: the first wanted one that there is, each tried with fewer and fewer subtags; else the first.
 *
 * @see [RFC 4647 §3.4 - Lookup](https://www.rfc-editor.org/rfc/rfc4647.html#section-3.4)
 */
export function chooseLanguage(
  languages: readonly [Language, ...Language[]],
  wanted: readonly string[],
): Language {
  for (const range of wanted) {
    const subtags = range.toLowerCase().split('-').slice(0, 8)
    for (; subtags.length > 0; subtags.pop()) {
      const found = languages.find(({ tag }) => tag.toLowerCase() === subtags.join('-'))
      if (found !== undefined) return found
    }
  }
  return languages[0]
}

/**
 * The language ranges of an `Accept-Language` header, best first. What is malformed is left out.
 *
 * @see [RFC 9110 §12.5.4 - Accept-Language](https://www.rfc-editor.org/rfc/rfc9110.html#section-12.5.4)
 */
export function acceptedLanguages(header: string | null): readonly string[] {
  const ranges = (header ?? '').slice(0, 512).split(',').slice(0, 32)
  return ranges
    .flatMap((text) => {
      const [, range, weight = '1'] =
        /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{1,3})?)\s*)?$/i.exec(text) ?? []
      return range === undefined || Number(weight) === 0 ? [] : [{ range, weight: Number(weight) }]
    })
    .sort((left, right) => right.weight - left.weight)
    .map(({ range }) => range)
}
