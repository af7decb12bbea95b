import ts from 'typescript'
import { readImports } from '../read-imports.ts'
import { nodesOf, placeOf } from '../source-file.ts'
import type { Violation } from '../violation.ts'

/** The files that may start a program, and why. */
export const programStarters: readonly { readonly path: string; readonly reason: string }[] = [
  { path: 'packages/cli/src/connect/open-browser.ts', reason: 'opens the browser, without a shell' },
]

/** The files that may compile a regular expression which no literal gives, and why that is not what a stranger sent. */
export const patternCompilers: readonly { readonly path: string; readonly reason: string }[] = [
  {
    path: 'packages/authorization-server/src/device/user-code.ts',
    reason: 'made of a constant alphabet',
  },
  { path: 'packages/storage-postgres/src/table-name.ts', reason: 'made of a constant' },
  {
    path: 'packages/storage-redis/src/record-keys.ts',
    reason: "made of the operator's prefix, which is checked",
  },
  {
    path: 'packages/mcp/src/registry/uri-template.ts',
    reason: "made of the operator's template, whose literals are escaped",
  },
  {
    path: 'packages/mcp-bridge/src/schema/convert-schema.ts',
    reason: "compiled to see whether a schema's pattern is one, and never run",
  },
]

/**
 * Finds text that becomes code or a program: `eval`, `Function`, a module for child processes, a regular expression made at run
 * time. What the two lists above name is let through.
 */
export function checkDangerousCode(file: ts.SourceFile): Violation[] {
  const is = (list: readonly { readonly path: string }[]) => list.some(({ path }) => path === file.fileName)
  const starters = readImports(file)
    .filter(({ specifier }) => /^(?:node:)?(?:child_process|vm|cluster|worker_threads)$/.test(specifier))
    .filter(() => !is(programStarters))
    .map(({ specifier, position }) => ({
      where: placeOf(file, position),
      message: `${specifier} runs programs`,
    }))
  const calls = nodesOf(file).flatMap((node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return []
    const name = calleeOf(node.expression)
    const where = placeOf(file, node.getStart())
    if (name === 'eval' || name === 'Function') return [{ where, message: `${name} runs text as code` }]
    const [pattern] = node.arguments ?? []
    if (name !== 'RegExp' || pattern === undefined || ts.isStringLiteralLike(pattern)) return []
    return is(patternCompilers) ? [] : [{ where, message: 'RegExp is compiled from a value' }]
  })
  return [...starters, ...calls]
}

function calleeOf(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text
  return ts.isPropertyAccessExpression(expression) && calleeOf(expression.expression) === 'globalThis'
    ? expression.name.text
    : ''
}
