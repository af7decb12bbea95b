import type { AccessToken } from '@gatewright/resource-server'
import type { ListMethod } from '../registry/mcp-methods.ts'
import type { ToolRegistry } from '../registry/tool-registry.ts'
import { principalOf } from './principal.ts'

/** Tells a client that one of its lists has changed. */
export type ChangeListener = (method: ListMethod) => void

/** Tells open connections when what their callers see has changed. */
export interface ChangeHub {
  /** Adds the connection of a caller; gives what takes it away. */
  add(caller: AccessToken, listener: ChangeListener): () => void
  /** Looks at a verified token: one that reaches further than those before is a step-up, and changes the lists. */
  seen(caller: AccessToken): void
}

interface Connection {
  readonly reached: Set<string>
  readonly listener: ChangeListener
}

const lists: readonly ListMethod[] = ['tools/list', 'resources/list', 'prompts/list']

/** Makes a hub for a registry, and listens to its changes as well. */
export function createChangeHub(registry: ToolRegistry): ChangeHub {
  const { scopes } = registry
  const connections = new Map<string, Set<Connection>>()
  const pending = new Set<ListMethod>()

  function flush(): void {
    for (const ofCaller of connections.values())
      for (const { listener } of ofCaller) for (const method of pending) listener(method)
    pending.clear()
  }
  registry.onListChanged((method) => {
    // Who adds a hundred tools in a row changes the list once.
    if (pending.size === 0) void Promise.resolve().then(flush)
    pending.add(method)
  })
  return {
    add(caller, listener) {
      const principal = principalOf(caller)
      const connection = { reached: new Set(scopes.expand(caller.scopes)), listener }
      const ofCaller = connections.get(principal) ?? new Set()
      connections.set(principal, ofCaller.add(connection))
      return () => {
        ofCaller.delete(connection)
        if (ofCaller.size === 0) connections.delete(principal)
      }
    },
    seen(caller) {
      if (connections.size === 0) return
      for (const { reached, listener } of connections.get(principalOf(caller)) ?? []) {
        const added = [...scopes.expand(caller.scopes)].filter((scope) => !reached.has(scope))
        if (added.length === 0) continue
        // Only what is new counts: a client that uses two tokens in turn is told once.
        for (const scope of added) reached.add(scope)
        for (const method of lists) if (registry.answers(method)) listener(method)
      }
    },
  }
}
