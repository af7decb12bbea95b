import ts from 'typescript'
import { nodesOf, placeOf } from '../source-file.ts'
import type { Violation } from '../violation.ts'

const equality: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
])
const searching: ReadonlySet<string> = new Set([
  'includes',
  'indexOf',
  'lastIndexOf',
  'startsWith',
  'endsWith',
])
const secretWord =
  /^(?:secrets?|hash|hashes|verifiers?|csrf|mac|tag|digests?|signatures?|passwords?|challenge)$/

/**
 * Finds comparisons of secrets that stop at the first difference, and so tell in time how much of a guess is right.
 * Names decide what is a secret; a comparison with a literal or with `undefined` is no guess.
 */
export function checkSecretComparisons(file: ts.SourceFile): Violation[] {
  return nodesOf(file).flatMap((node) => {
    const pair = comparedIn(node)
    if (pair === undefined || pair.some(isFixed)) return []
    const name = pair.map(nameOf).find(isSecretName)
    return name === undefined
      ? []
      : [{ where: placeOf(file, node.getStart()), message: `${name} is compared: use constantTimeEqual` }]
  })
}

function comparedIn(node: ts.Node): readonly [ts.Expression, ts.Expression] | undefined {
  if (ts.isBinaryExpression(node) && equality.has(node.operatorToken.kind)) return [node.left, node.right]
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  const [sought] = node.arguments
  const { name, expression } = node.expression
  return sought !== undefined && searching.has(name.text) ? [expression, sought] : undefined
}

/** What nobody has to guess: a literal, `undefined`, `null`, a kind of value. */
function isFixed(expression: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(expression) ||
    ts.isArrayLiteralExpression(expression) ||
    ts.isTypeOfExpression(expression) ||
    expression.kind === ts.SyntaxKind.NullKeyword ||
    expression.kind === ts.SyntaxKind.TrueKeyword ||
    expression.kind === ts.SyntaxKind.FalseKeyword ||
    nameOf(expression) === 'undefined' ||
    nameOf(expression) === 'length'
  )
}

function nameOf(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text
  if (ts.isElementAccessExpression(expression) && ts.isStringLiteral(expression.argumentExpression))
    return expression.argumentExpression.text
  if (ts.isAwaitExpression(expression) || ts.isParenthesizedExpression(expression))
    return nameOf(expression.expression)
  return ts.isCallExpression(expression) ? nameOf(expression.expression) : ''
}

function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').split(/[\s_-]+/)
  const last = words.at(-1)?.toLowerCase() ?? ''
  return secretWord.test(last)
}
