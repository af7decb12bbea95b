import ts from 'typescript'
import { readText } from './workspace.ts'

const parsed = new Map<string, ts.SourceFile>()

/** Parses a source file; `text` stands in for what is on the disk when the rules themselves are tested. */
export function parseSource(path: string, text?: string): ts.SourceFile {
  const known = text === undefined ? parsed.get(path) : undefined
  if (known !== undefined) return known
  const file = ts.createSourceFile(
    path,
    text ?? readText(path),
    ts.ScriptTarget.ESNext,
    true,
    ts.ScriptKind.TS,
  )
  if (text === undefined) parsed.set(path, file)
  return file
}

/** `path:line` of a position in a file. */
export function placeOf(file: ts.SourceFile, position: number): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(position).line + 1}`
}

/** A node and every node below it, without the tokens that carry no meaning of their own. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (visited: ts.Node): void => {
    nodes.push(visited)
    ts.forEachChild(visited, visit)
  }
  visit(node)
  return nodes
}

function* tokensOf(node: ts.Node): Generator<ts.Node> {
  const children = node.getChildren().filter((child) => !ts.isJSDoc(child))
  if (children.length === 0) yield node
  for (const child of children) yield* tokensOf(child)
}

/** Every comment of a file, once. */
export function commentsOf(file: ts.SourceFile): { text: string; position: number }[] {
  const found = new Map<number, string>()
  for (const token of tokensOf(file)) {
    const ranges = [
      ...(ts.getLeadingCommentRanges(file.text, token.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, token.getEnd()) ?? []),
    ]
    for (const { pos, end } of ranges) found.set(pos, file.text.slice(pos, end))
  }
  return [...found]
    .map(([position, text]) => ({ text, position }))
    .toSorted((a, b) => a.position - b.position)
}
