import ts from 'typescript'
import { isDeclaredInFile } from '../is-declared-in-file.ts'
import { readImports } from '../read-imports.ts'
import { nodesOf, placeOf } from '../source-file.ts'

/** One use of an ambient name. */
export interface AmbientUse {
  readonly name: string
  readonly path: string
  /** `path:line`. */
  readonly where: string
}

const forbidden: ReadonlySet<string> = new Set([
  'process',
  'console',
  'fetch',
  'performance',
  'Buffer',
  'require',
  'module',
  '__dirname',
  '__filename',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'global',
  'window',
  'self',
  'Deno',
  'Bun',
])

/** Finds the uses of a clock, randomness, timers, the network and the runtime that do not come in as arguments. */
export function ambientNamesIn(file: ts.SourceFile): AmbientUse[] {
  const imports = readImports(file)
    .filter(({ specifier }) => specifier.startsWith('node:'))
    .map(({ specifier, position }) => ({ position, name: specifier }))
  const names = nodesOf(file)
    .filter(ts.isIdentifier)
    .flatMap((identifier) => {
      const name = ambientName(identifier)
      return name === undefined || isDeclaredInFile(identifier)
        ? []
        : [{ position: identifier.getStart(), name }]
    })
  return [...imports, ...names].map(({ position, name }) => ({
    name,
    path: file.fileName,
    where: placeOf(file, position),
  }))
}

function ambientName(identifier: ts.Identifier): string | undefined {
  if (!isValueUse(identifier)) return undefined
  const { parent, text } = identifier
  const member = memberOf(identifier)
  switch (text) {
    case 'Date':
      if (ts.isNewExpression(parent) && (parent.arguments?.length ?? 0) > 0) return undefined
      if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
        return undefined
      return member === 'parse' || member === 'UTC' ? undefined : 'Date.now'
    // Anything but a plain member could hide the one that is meant: `Math['random']`, `const { random } = Math`.
    case 'Math':
      return member === undefined || member === 'random' ? 'Math.random' : undefined
    case 'crypto':
      return member === undefined || member === 'randomUUID' ? 'crypto.randomUUID' : undefined
    case 'globalThis': {
      const inner = member === 'crypto' ? memberOf(parent) : undefined
      return inner === undefined || inner === 'randomUUID' ? 'globalThis' : undefined
    }
    default:
      return forbidden.has(text) ? text : undefined
  }
}

function memberOf(node: ts.Node): string | undefined {
  const { parent } = node
  return ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : undefined
}

/** Whether an identifier is an expression: not the name of a declaration or member, and no part of a type. */
function isValueUse(identifier: ts.Identifier): boolean {
  const parent: ts.Node & { readonly name?: ts.Node; readonly propertyName?: ts.Node } = identifier.parent
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (parent.name === identifier || parent.propertyName === identifier) return false
  return !ts.isTypeNode(parent) && !ts.isQualifiedName(parent)
}
