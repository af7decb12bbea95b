import ts from 'typescript'
import { readText } from './workspace.ts'

/** Parses a source file; `text` stands in for what is on the disk when the rules themselves are tested. */
export function parseSource(path: string, text = readText(path)): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS)
}

/** `path:line` of a position in a file. */
export function placeOf(file: ts.SourceFile, position: number): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(position).line + 1}`
}

/** Every node of a file. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  for (const child of node.getChildren()) if (!ts.isJSDoc(child)) yield* nodesOf(child)
}

/** Every comment of a file, once. */
export function commentsOf(file: ts.SourceFile): { text: string; position: number }[] {
  const found = new Map<number, string>()
  for (const node of nodesOf(file)) {
    if (node.kind === ts.SyntaxKind.JsxText) continue
    const ranges = [
      ...(ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, node.getEnd()) ?? []),
    ]
    for (const { pos, end } of ranges) found.set(pos, file.text.slice(pos, end))
  }
  return [...found]
    .map(([position, text]) => ({ text, position }))
    .toSorted((a, b) => a.position - b.position)
}
