import { OAuthError } from '@gatewright/core'
import { readPath } from './read-path.ts'

/** Where a claim comes from: a dotted path, several of which the first that leads to something counts, or a function of all that the provider said. */
export type ClaimSource = string | readonly string[] | ((raw: Readonly<Record<string, unknown>>) => unknown)

/** A source, and whether a login without the claim is refused. */
export interface ClaimRule {
  readonly from: ClaimSource
  /** @default false */
  readonly required?: boolean
}

/** Where each claim comes from, by the name that it gets. `subject` is what the user is known by. */
export interface ClaimMapping {
  readonly [claim: string]: ClaimSource | ClaimRule
}

/** Checks a mapping. @throws {TypeError} when a rule has no source, or a name would not be an ordinary property */
export function checkMapping(what: string, mapping: ClaimMapping): void {
  for (const [claim, rule] of Object.entries(mapping)) {
    if (['__proto__', 'constructor', 'prototype'].includes(claim))
      throw new TypeError(`${what}: a claim cannot be named "${claim}"`)
    const { from } = toRule(rule)
    const sources = typeof from === 'function' ? [] : [from].flat()
    if (
      typeof from !== 'function' &&
      (sources.length === 0 || sources.some((path) => typeof path !== 'string'))
    )
      throw new TypeError(`${what}: claims.${claim} must be a path, a list of paths or a function`)
  }
}

/**
 * Maps what a provider said to claims.
 *
 * @throws {OAuthError} `access_denied` when a required claim is missing; the message names it
 */
export function mapClaims(
  raw: Readonly<Record<string, unknown>>,
  mapping: ClaimMapping,
): Record<string, unknown> {
  const mapped = Object.entries(mapping).map(([claim, rule]) => {
    const { from, required } = toRule(rule)
    const value = clean(claim, readSource(raw, from))
    if (value === undefined && required === true)
      throw new OAuthError('access_denied', `the provider did not tell the ${claim}, which is required`)
    return [claim, value] as const
  })
  return Object.fromEntries(mapped.filter(([, value]) => value !== undefined))
}

function toRule(rule: ClaimSource | ClaimRule): ClaimRule {
  return typeof rule === 'object' && 'from' in rule ? rule : { from: rule }
}

function readSource(raw: Readonly<Record<string, unknown>>, from: ClaimSource): unknown {
  if (typeof from === 'function') return from(raw)
  return [from]
    .flat()
    .map((path) => readPath(raw, path))
    .find((value) => value !== undefined && value !== null && value !== '')
}

const texts = new Set([
  'name',
  'preferred_username',
  'email',
  'phone_number',
  'given_name',
  'family_name',
  'locale',
])

/** What may be believed of a value: a text that is no text, or a picture that is no web address, is none. */
function clean(claim: string, value: unknown): unknown {
  if (value === null || value === '') return undefined
  if (claim === 'subject')
    return typeof value === 'number' && Number.isSafeInteger(value) ? `${value}` : text(value, 255)
  if (claim.endsWith('_verified')) return value === true ? true : undefined
  if (claim === 'picture') return /^https?:\/\//.test(text(value, 2048) ?? '') ? value : undefined
  return texts.has(claim) ? text(value, 2048) : value
}

function text(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value.length <= longest ? value : undefined
}
