import type { ToolRegistry } from '@gatewright/mcp'
import type { Client } from '@modelcontextprotocol/client'
import type { AskUpstream } from '../call/ask-upstream.ts'
import { toolCaller } from '../call/call-tool.ts'
import type { LinkMap } from '../call/clean-result.ts'
import { argumentCompleter } from '../call/complete-argument.ts'
import { promptGetter } from '../call/get-prompt.ts'
import { resourceReader } from '../call/read-resource.ts'
import type { ProxySettings } from '../options.ts'
import { createEntryBook } from './entry-book.ts'
import { listEntries } from './list-entries.ts'
import type { Pins } from './pins.ts'
import { promptKind } from './prompt-kind.ts'
import { resourceKind, type ResourceHandlers } from './resource-kind.ts'
import { localUri } from './resource-uri.ts'
import { toolKind } from './tool-kind.ts'

/** All that an upstream offers. */
export interface Catalogue {
  /** Reads every list that is wanted, and brings the registry up to date. @throws {Error} when the upstream does not answer */
  update(client: Client): Promise<void>
  pins(): Pins
}

/** Makes an empty catalogue, whose entries will ask the upstream. */
export function createCatalogue(
  settings: ProxySettings,
  registry: ToolRegistry,
  ask: AskUpstream,
): Catalogue {
  const { prefix } = settings
  // A link to what is offered here is one that a client can follow here; every other is passed on as it is.
  const links: LinkMap = (uri) => {
    const local = localUri(uri, prefix)
    return registry.entryName('resource', local) === undefined ? uri : local
  }
  /** Who may read what the settings name itself does not follow from a template that fits it as well, not even when it is unlisted. */
  const isOffered = (uri: string) =>
    typeof settings.resources === 'function' ||
    !Object.hasOwn(settings.resources, uri) ||
    registry.entryName('resource', localUri(uri, prefix)) === localUri(uri, prefix)
  const tools = toolKind(settings, (name, scopes) =>
    toolCaller(ask, { name, local: prefix + name, scopes }, links),
  )
  const prompts = promptKind(settings, {
    get: (name, scopes) => promptGetter(ask, { name, local: prefix + name, scopes }, links),
    complete: (name, argument, scopes) =>
      argumentCompleter(ask, { type: 'ref/prompt', name }, { argument, local: prefix + name, scopes }),
  })
  const resources: ResourceHandlers = {
    read: (scopes) => resourceReader(ask, { prefix, scopes, isOffered }),
    complete: (uri, argument, scopes) =>
      argumentCompleter(
        ask,
        { type: 'ref/resource', uri },
        { argument, local: localUri(uri, prefix), scopes },
      ),
  }
  const wants = (scopes: ProxySettings['scopes' | 'prompts' | 'resources']) =>
    typeof scopes === 'function' || Object.keys(scopes).length > 0
  const books = [
    createEntryBook(tools, settings, registry),
    ...(wants(settings.prompts) ? [createEntryBook(prompts, settings, registry)] : []),
    ...(wants(settings.resources)
      ? [
          createEntryBook(resourceKind(settings, 'uri', resources), settings, registry),
          createEntryBook(resourceKind(settings, 'uriTemplate', resources), settings, registry),
        ]
      : []),
  ]
  return {
    async update(client) {
      const abilities = client.getServerCapabilities() ?? {}
      const completes = abilities.completions !== undefined
      for (const book of books) {
        // A server that has only resources need not know what a tool is.
        const asked = book.capability === 'tools' || abilities[book.capability] !== undefined
        const listing = asked ? await listEntries(client, book.list, settings) : { entries: [], cut: false }
        await book.update(listing, { completes })
      }
    },
    pins: () => Object.assign({}, ...books.map((book) => book.pins())) as Pins,
  }
}
