import type { ArgumentPart } from '../request/request-parts.ts'

/**
 * The arguments under names that every client and model takes: letters, digits, `_`, `-` and `.`, at most 64, no two alike.
 *
 * What is sent keeps the name of the document.
 */
export function argumentNames(parts: readonly ArgumentPart[]): readonly ArgumentPart[] {
  const taken = new Set<string>()
  return parts.map((part) => {
    const plain = part.argument
      .replaceAll(/[^\w.-]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 60)
    const base = plain === '' ? 'value' : plain
    let argument = base
    for (let count = 2; taken.has(argument.toLowerCase()); count++) argument = `${base}_${count}`
    taken.add(argument.toLowerCase())
    return { ...part, argument }
  })
}
