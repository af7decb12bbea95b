import { isObject } from '../document/json-object.ts'
import { ArgumentError } from './argument-error.ts'

/** How a value stands in a query or a form. */
export interface QueryStyle {
  readonly style: string
  readonly explode: boolean
}

type Pair = readonly [name: string, value: string]

/**
 * The pairs of a parameter in a query, or of a member in a form. Each value stays one value.
 *
 * @throws {ArgumentError} when the value is of a form that the style cannot write
 */
export function queryPairs(name: string, value: unknown, { style, explode }: QueryStyle): readonly Pair[] {
  if (value === undefined || value === null) return []
  if (style === 'deepObject') return deepPairs(name, value, 0)
  if (Array.isArray(value)) {
    const items = value.map((item) => scalar(name, item))
    if (explode) return items.map((item) => [name, item])
    const separator = { spaceDelimited: ' ', pipeDelimited: '|' }[style] ?? ','
    return items.length === 0 ? [] : [[name, items.join(separator)]]
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, item]): Pair => [key, scalar(name, item)])
    return explode ? members : [[name, members.flat().join(',')]]
  }
  return [[name, scalar(name, value)]]
}

/** `filter[name][]=…`, as servers in PHP, Ruby and JavaScript read it. */
function deepPairs(name: string, value: unknown, depth: number): readonly Pair[] {
  if (depth > 8) throw new ArgumentError(`${name} is nested too deep`)
  if (value === undefined || value === null) return []
  if (Array.isArray(value))
    return value.flatMap((item, index) => deepPairs(`${name}[${index}]`, item, depth + 1))
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) => deepPairs(`${name}[${key}]`, item, depth + 1))
  return [[name, scalar(name, value)]]
}

function scalar(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  throw new ArgumentError(`${name} must consist of texts, numbers and truth values`)
}

/** Pairs as a query or the body of a form; half characters are refused. */
export function encodePairs(pairs: readonly Pair[]): string {
  try {
    return pairs.map((pair) => pair.map((part) => encodeURIComponent(part)).join('=')).join('&')
  } catch {
    throw new ArgumentError('a text contains half a character')
  }
}
