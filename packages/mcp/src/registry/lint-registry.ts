import type { Scopes } from '@gatewright/core'
import type { EntryStore } from './entry-store.ts'
import { listMembers, type ListMethod } from './mcp-methods.ts'

/** Something about a registry that its author may not have meant. */
export interface LintFinding {
  readonly rule: 'scope-without-use' | 'entry-without-scope'
  /** The scope, or the entry. */
  readonly name: string
  readonly message: string
}

/**
 * Finds scopes that open nothing, and entries that need none.
 *
 * A scope that is only asked for by `scopesFor`, or by another server, counts as unused here: name it in `usedElsewhere`.
 */
export function lintRegistry(
  store: EntryStore,
  scopes: Scopes,
  usedElsewhere: readonly string[],
): readonly LintFinding[] {
  const entries = (Object.keys(listMembers) as ListMethod[]).flatMap((list) => store.lists[list].entries)
  const used = new Set([...usedElsewhere, ...entries.flatMap(({ requirement }) => requirement.names)])
  const unused = scopes.names.filter((name) => ![...scopes.expand([name])].some((each) => used.has(each)))
  return [
    ...unused.map((name) => ({
      rule: 'scope-without-use' as const,
      name,
      message: `the scope "${name}" opens nothing: users are asked for it, and it gives the client nothing`,
    })),
    ...entries
      .filter(({ requirement }) => requirement.names.length === 0)
      .map(({ name }) => ({
        rule: 'entry-without-scope' as const,
        name,
        message: `"${name}" needs no scope: every valid token may use it`,
      })),
  ]
}
