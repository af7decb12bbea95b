/** A block of TypeScript in a page or comment. */
export interface CodeBlock {
  /** Path of the page or source, relative to the root. */
  readonly path: string
  /** Line on which the block's code begins. */
  readonly line: number
  readonly code: string
  /** What a page has in a `<!-- prelude … -->` comment right before the block: compiled, not shown. */
  readonly prelude: string
}

const fence =
  /^(?<indent>[ \t]*)(?<ticks>`{3,})(?:ts|typescript)\b[^\n]*\n(?<code>[\s\S]*?)^\k<indent>\k<ticks>[ \t]*$/gm
const preludeBefore = /<!-- prelude\n([\s\S]*?)-->\s*$/

/**
 * Extracts the TypeScript blocks of a Markdown text.
 *
 * @param firstLine line of the file on which the text begins
 */
export function codeBlocksOf(path: string, markdown: string, firstLine = 1): CodeBlock[] {
  let end = 0
  return [...markdown.matchAll(fence)].map((match) => {
    const { indent = '', code = '' } = match.groups ?? {}
    const before = markdown.slice(end, match.index)
    end = match.index + match[0].length
    return {
      path,
      line: firstLine + markdown.slice(0, match.index).split('\n').length,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      prelude: preludeBefore.exec(before)?.[1] ?? '',
    }
  })
}
