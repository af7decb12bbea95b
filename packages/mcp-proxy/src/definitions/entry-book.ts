import { printableText } from '@gatewright/core'
import type { ToolRegistry } from '@gatewright/mcp'
import type { ProxySettings } from '../options.ts'
import type { EntryKind, UpstreamAbilities } from './entry-kind.ts'
import type { Listing } from './list-entries.ts'

/** Which entries of one kind are offered. */
export interface EntryBook {
  readonly list: EntryKind<never>['list']
  readonly capability: EntryKind<never>['capability']
  /** Compares what the upstream lists with what it listed before, and brings the registry up to date. */
  update(listing: Listing, upstream: UpstreamAbilities): Promise<void>
  /** The pins of all entries that were seen, by the upstream's own names; `undefined` where nothing is pinned. */
  pins(): { readonly [Kind in NonNullable<EntryKind<never>['pinned']>]?: Readonly<Record<string, string>> }
}

/** Makes a book without entries. */
export function createEntryBook<Entry extends object>(
  kind: EntryKind<Entry>,
  { name: upstream, pins: allPins, onDefinitionChange }: ProxySettings,
  registry: ToolRegistry,
): EntryBook {
  const pins = kind.pinned && allPins && (allPins[kind.pinned] ?? {})
  const block = onDefinitionChange === 'block'
  const seen = new Map<string, string>()
  const offered = new Map<string, string>()
  const told = new Set<string>()

  function exclude(name: string, reason: string, cause?: unknown): void {
    withdraw(name)
    const what = `${reason} ${name}`
    if (told.has(what) || told.size > 1000) return
    told.add(what)
    const shown = printableText(name, 128)
    registry.report({
      type: `upstream.${kind.kind}_excluded`,
      name: shown,
      reason,
      resource: upstream,
      cause,
    })
  }

  function withdraw(name: string): void {
    if (offered.delete(name)) registry.remove(kind.kind, kind.localName(name))
  }

  /** Whether an entry is what it was, or may be another one. */
  function keepsToPin(name: string, pin: string): boolean {
    if (kind.pinned === undefined) return true
    const expected = pins === undefined ? seen.get(name) : Object.hasOwn(pins, name) ? pins[name] : undefined
    seen.set(name, pins === undefined || !block ? (expected ?? pin) : pin)
    if (pins !== undefined && expected === undefined) {
      exclude(name, 'not_pinned')
      return false
    }
    if (expected === undefined || pin === expected) return true
    // Offered as it is now already: what changed was told then.
    if (!offered.get(name)?.startsWith(pin))
      registry.report({
        type: `upstream.${kind.kind}_changed`,
        name: kind.localName(name),
        resource: upstream,
        reason: block ? 'blocked' : 'accepted',
      })
    if (block) withdraw(name)
    else seen.set(name, pin)
    return !block
  }

  async function consider(name: string, entry: Entry, abilities: UpstreamAbilities): Promise<void> {
    const requirement = kind.requirementOf(entry)
    if (requirement === undefined || requirement.length === 0) return exclude(name, 'no_scopes')
    const pin = await kind.pinOf(entry)
    if (!keepsToPin(name, pin)) return
    const state = `${pin} ${abilities.completes}`
    if (offered.get(name) === state) return
    withdraw(name)
    try {
      kind.offer(registry, entry, requirement, abilities)
      offered.set(name, state)
    } catch (cause) {
      exclude(name, 'invalid_definition', cause)
    }
  }

  return {
    list: kind.list,
    capability: kind.capability,
    async update({ entries, cut }, abilities) {
      if (cut) exclude('*', 'too_many')
      const known = entries.map((entry) =>
        typeof entry === 'object' && entry !== null ? (entry as Partial<Entry>) : {},
      )
      const names = known.map((entry) => String(kind.nameOf(entry)))
      for (const [index, entry] of known.entries()) {
        const name = names[index] ?? ''
        const problem = kind.problem(entry)
        if (problem !== undefined) exclude(name, problem)
        // Of two entries with one name nobody knows which one is meant.
        else if (names.indexOf(name) !== names.lastIndexOf(name)) exclude(name, 'duplicate_name')
        else await consider(name, entry as Entry, abilities)
      }
      for (const name of offered.keys()) if (!names.includes(name)) withdraw(name)
    },
    pins: () => (kind.pinned === undefined ? {} : { [kind.pinned]: Object.fromEntries(seen) }),
  }
}
