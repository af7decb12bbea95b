import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Where the message, and the code, stand among the arguments of an error's constructor. */
const constructors = {
  TypeError: { message: 0 },
  RangeError: { message: 0 },
  SyntaxError: { message: 0 },
  OAuthError: { code: 0, message: 1 },
  PageError: { code: 1, message: 2 },
  JsonRpcError: { message: 1 },
  HttpRefusal: { message: 2 },
  Rejection: { message: 1 },
}

/** A part of a message that is known only when it is thrown. */
const unknown = '…'

/**
 * Finds what a package can throw, by its sources: each error that is made, and each call of a function that puts its argument into
 * the message of one. What is known only when it is thrown stands as `…`.
 *
 * @param {string} sources the folder of the sources
 * @returns {{ error: string, code: string | undefined, message: string }[]} each once, in the order of its code and message
 */
export function thrownErrors(sources) {
  const files = readdirSync(sources, { recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .toSorted((a, b) => a.localeCompare(b))
    .map((path) =>
      ts.createSourceFile(path, readFileSync(join(sources, path), 'utf8'), ts.ScriptTarget.ESNext, true),
    )
  /** Functions that throw or return an error with one of their parameters in it, by name: how the arguments are put together. */
  const makers = new Map()
  const found = new Map()
  const note = (error, code, message) => found.set(`${error} ${code} ${message}`, { error, code, message })

  // A maker may stand on another; the second round knows those of the first.
  for (let round = 0; round < 3; round++) for (const file of files) visit(file, file.fileName)
  return [...found.values()].toSorted((left, right) =>
    `${left.code} ${left.message}`.localeCompare(`${right.code} ${right.message}`),
  )

  function visit(node, path) {
    if (ts.isNewExpression(node)) {
      const made = constructors[node.expression.getText()]
      if (made !== undefined) put(node, node.expression.getText(), made, node.arguments ?? [], path)
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const name = node.expression.text
      for (const maker of makers.get(`${path} ${name}`) ??
        (isImported(node, name) ? makers.get(name) : undefined) ??
        [])
        put(node, maker.error, maker, node.arguments, path)
    }
    ts.forEachChild(node, (child) => visit(child, path))
  }

  function put(node, error, { code, message, codes, around }, args, path) {
    const owner = functionAround(node)
    const parameters = owner?.parameters.map(({ name }) => name.getText()) ?? []
    const given = args[message]
    const own = textsOf(given, parameters, owner)
    const itsCode =
      codes ?? (code === undefined ? undefined : textsOf(args[code], parameters, owner)[0]?.text)
    for (const { text, hole } of own) {
      const whole = around === undefined ? text : around.replace(unknown, () => text)
      const name = hole === undefined ? undefined : nameOf(owner)
      if (name === undefined) note(error, itsCode, whole)
      else {
        const maker = { error, message: hole, codes: itsCode, around: whole }
        for (const key of [`${path} ${name}`, name]) {
          const known = makers.get(key) ?? []
          if (!known.some((other) => JSON.stringify(other) === JSON.stringify(maker)))
            makers.set(key, [...known, maker])
        }
      }
    }
  }
}

/** What an expression may say; `hole` is the parameter of the function around it that is put in at the first `…`. */
function textsOf(node, parameters, owner) {
  if (node === undefined) return defaultOf(undefined)
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    return textsOf(node.expression, parameters, owner)
  if (ts.isStringLiteralLike(node)) return [{ text: node.text }]
  if (ts.isConditionalExpression(node))
    return [node.whenTrue, node.whenFalse].flatMap((branch) => textsOf(branch, parameters, owner))
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return [node.left, node.right].flatMap((side) => textsOf(side, parameters, owner))
  if (ts.isTemplateExpression(node)) {
    const names = node.templateSpans.map(({ expression }) => expression.getText())
    const at = names.findIndex((name) => parameters.includes(name) && names.length === 1)
    const text = node.head.text + node.templateSpans.map(({ literal }) => unknown + literal.text).join('')
    return [at < 0 ? { text } : { text, hole: parameters.indexOf(names[at]) }]
  }
  if (ts.isIdentifier(node)) {
    const hole = parameters.indexOf(node.text)
    if (hole < 0) return constantOf(node) ?? defaultOf(undefined)
    const initial = owner.parameters[hole].initializer
    return [{ text: unknown, hole }, ...(initial === undefined ? [] : textsOf(initial, [], owner))]
  }
  return defaultOf(node)
}

function constantOf(identifier) {
  const declared = identifier
    .getSourceFile()
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find(({ name }) => name.getText() === identifier.text)
  return declared?.initializer !== undefined && ts.isStringLiteralLike(declared.initializer)
    ? [{ text: declared.initializer.text }]
    : undefined
}

const defaultOf = () => [{ text: unknown }]

function functionAround(node) {
  for (let around = node.parent; around !== undefined; around = around.parent)
    if (ts.isFunctionLike(around)) return around
  return undefined
}

function nameOf(owner) {
  if (owner.name !== undefined) return owner.name.getText()
  return ts.isVariableDeclaration(owner.parent) ? owner.parent.name.getText() : undefined
}

/** A name that the file imports, so that a function of another file is meant. */
function isImported(node, name) {
  return node
    .getSourceFile()
    .statements.filter(ts.isImportDeclaration)
    .some(({ importClause }) =>
      importClause?.namedBindings?.elements?.some((element) => element.name.text === name),
    )
}
