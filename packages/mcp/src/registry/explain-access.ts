import type { AccessRule } from './access.ts'
import type { Caller } from './caller.ts'
import type { EntryStore } from './entry-store.ts'
import { listMembers, type ListMethod } from './mcp-methods.ts'

/** Why a caller sees an entry, or does not. */
export interface EntryExplanation {
  readonly list: ListMethod
  readonly name: string
  /** Whether it stands in the caller's list. */
  readonly listed: boolean
  /** Whether its scopes suffice; arguments and policies may still refuse a call. */
  readonly allowed: boolean
  /** The scopes that the caller would have to get, when not. */
  readonly missing: readonly string[]
  /** One sentence for the operator. */
  readonly reason: string
}

/** Explains each entry, in the order of the lists. */
export function explainAccess(
  store: EntryStore,
  access: AccessRule,
  isListed: (method: ListMethod, name: string) => boolean,
  caller: Caller | undefined,
): readonly EntryExplanation[] {
  return (Object.keys(listMembers) as ListMethod[]).flatMap((list) =>
    store.lists[list].entries.map((entry) => {
      const result = access.to(entry, caller)
      const { name, requirement } = entry
      const listed = isListed(list, name)
      const missing = result.allowed ? [] : result.missing
      return { list, name, listed, allowed: result.allowed, missing, reason: reasonOf() }

      function reasonOf(): string {
        if (caller === undefined)
          return listed
            ? 'listed without a token; calling it needs one'
            : 'hidden: there is no verified token'
        if (requirement.names.length === 0) return 'listed: any valid token may use it'
        if (result.allowed) return `listed: the token has ${requirement.nearest(caller.scopes).join(' ')}`
        const lacks = `the token lacks ${missing.join(' ')}`
        return listed ? `listed by list: 'show', and refused: ${lacks}` : `hidden: ${lacks}`
      }
    }),
  )
}
