import type ts from 'typescript'
import { commentsOf } from '../source-file.ts'
import { codeBlocksOf } from './code-blocks.ts'
import type { CodeBlock } from './code-blocks.ts'

/** Extracts the TypeScript blocks of the comments of a source file. */
export function commentBlocksOf(file: ts.SourceFile): CodeBlock[] {
  return commentsOf(file)
    .filter(({ text }) => text.startsWith('/**'))
    .flatMap(({ text, position }) => {
      const markdown = text.replaceAll(/^[ \t]*\*(?!\/) ?/gm, '')
      return codeBlocksOf(file.fileName, markdown, file.getLineAndCharacterOfPosition(position).line + 1)
    })
}
