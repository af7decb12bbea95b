import type { Scopes } from '@gatewright/core'
import { checkListing, compileRequirement, type CompiledRequirement, type Listing } from './requirement.ts'
import type { ScopeMasks } from './scope-mask.ts'

/** What a registry knows of anything that is listed and gated; made once, when it is registered. */
export interface Entry {
  readonly name: string
  readonly requirement: CompiledRequirement
  readonly list: Listing
  /** How it stands in a list. */
  readonly listed: Readonly<Record<string, unknown>>
  /** The same, serialised. */
  readonly json: string
}

/** What compiling an entry needs to know. */
export interface EntryContext {
  readonly scopes: Scopes
  readonly masks: ScopeMasks
}

/** @throws {TypeError} when it is not said who may use it */
export function compileEntry(
  name: string,
  options: { readonly scopes?: unknown; readonly public?: unknown; readonly list?: Listing | undefined },
  listed: Readonly<Record<string, unknown>>,
  { scopes, masks }: EntryContext,
  what: string,
): Entry {
  const present = Object.fromEntries(Object.entries(listed).filter(([, value]) => value !== undefined))
  return {
    name,
    requirement: compileRequirement(options, scopes, masks, what),
    list: checkListing(options.list, what),
    listed: Object.freeze(present),
    json: JSON.stringify(present),
  }
}
