import type { ToolRegistry } from '@gatewright/mcp'
import type { ProxiedRequirement } from '../options.ts'
import type { PinnedKind } from './pins.ts'

/** One kind of what an upstream lists, and how it becomes part of a registry. */
export interface EntryKind<Entry> {
  readonly kind: 'tool' | 'prompt' | 'resource'
  /** How the list is asked for, and which member of the answer holds it. */
  readonly list: { readonly method: string; readonly member: string }
  /** The capability without which the upstream is not asked. */
  readonly capability: 'tools' | 'prompts' | 'resources'
  /** Under what the pins are kept; absent where nothing is pinned. */
  readonly pinned?: PinnedKind | undefined
  /** The upstream's own name of an entry, whatever it is. */
  nameOf(entry: Partial<Entry>): unknown
  /** The name here of what has this name there. */
  localName(name: string): string
  /** Why an entry is not taken, or `undefined` when it is in order. */
  problem(entry: Partial<Entry>): string | undefined
  /** Who may use it; `undefined` when that is said nowhere. */
  requirementOf(entry: Entry): ProxiedRequirement | undefined
  /** A digest of all that it says about itself. */
  pinOf(entry: Entry): Promise<string>
  /** Puts it into the registry. @throws {TypeError} when the registry does not take it */
  offer(
    registry: ToolRegistry,
    entry: Entry,
    requirement: ProxiedRequirement,
    upstream: UpstreamAbilities,
  ): void
}

/** What an upstream says that it can do besides. */
export interface UpstreamAbilities {
  /** Whether it suggests values for arguments. */
  readonly completes: boolean
}

/** A requirement in the words of the registry. */
export function registryRequirement(requirement: ProxiedRequirement) {
  return requirement === 'public' ? { public: true as const } : { scopes: requirement }
}

/** Finds out who may use an entry: asked of the function, or looked up by the entry's own name. */
export function requirementFinder<Entry>(
  scopes: Readonly<Record<string, ProxiedRequirement>> | ((entry: Entry) => ProxiedRequirement | undefined),
  nameOf: (entry: Entry) => string,
): (entry: Entry) => ProxiedRequirement | undefined {
  if (typeof scopes === 'function') return scopes
  return (entry) => (Object.hasOwn(scopes, nameOf(entry)) ? scopes[nameOf(entry)] : undefined)
}
