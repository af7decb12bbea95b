import type { Entry } from './entry.ts'
import type { EntryKind, ListMethod, Target } from './mcp-methods.ts'
import { createNameTable } from './name-table.ts'
import type { Prompt } from './prompt.ts'
import type { Resource } from './resource.ts'
import type { Tool } from './tool.ts'
import { createVisibleList, type VisibleList } from './visible-list.ts'

/** The entries of a registry, by name and in their lists. */
export interface EntryStore {
  readonly lists: Readonly<Record<ListMethod, VisibleList>>
  /** Whether anything can be completed. */
  completable(): boolean
  /** @throws {TypeError} when one of the names is malformed or taken */
  addTool(tool: Tool, aliases: readonly string[]): void
  /** @throws {TypeError} when the name is malformed or taken */
  addPrompt(prompt: Prompt): void
  /** @throws {TypeError} when the URI is taken */
  addResource(resource: Resource): void
  /** Takes an entry away, with its aliases; gives the list that has changed. */
  remove(kind: EntryKind, name: string): ListMethod | undefined
  find(target: Target): Tool | Prompt | Resource | undefined
}

/** Makes an empty store. */
export function createEntryStore(pageSize: number): EntryStore {
  const tools = createNameTable<Tool>()
  const prompts = createNameTable<Prompt>()
  const resources = new Map<unknown, Resource>()
  const templates: Resource[] = []
  const lists = {
    'tools/list': createVisibleList(pageSize),
    'resources/list': createVisibleList(pageSize),
    'resources/templates/list': createVisibleList(pageSize),
    'prompts/list': createVisibleList(pageSize),
  }
  const listOf = (kind: EntryKind, entry: Entry): ListMethod =>
    kind === 'resource'
      ? (entry as Resource).template === undefined
        ? 'resources/list'
        : 'resources/templates/list'
      : `${kind}s/list`

  function findResource(uri: unknown): Resource | undefined {
    if (typeof uri !== 'string') return undefined
    // A template stands for its own text too: that is how completion names it.
    const exact = resources.get(uri) ?? templates.find(({ name }) => name === uri)
    return exact ?? mostSpecific(templates.filter(({ template }) => template?.match(uri) !== undefined))
  }
  const finders = {
    tool: (name: unknown) => tools.get(name),
    prompt: (name: unknown) => prompts.get(name),
    resource: findResource,
  }
  return {
    lists,
    completable: () =>
      [...resources.values(), ...templates].some(({ complete }) => complete.size > 0) ||
      lists['prompts/list'].entries.some((prompt) =>
        [...(prompt as Prompt).arguments.values()].some(({ complete }) => complete !== undefined),
      ),
    addTool(tool, aliases) {
      tools.add([tool.name, ...aliases], tool, 'tool')
      lists['tools/list'].add(tool)
    },
    addPrompt(prompt) {
      prompts.add([prompt.name], prompt, 'prompt')
      lists['prompts/list'].add(prompt)
    },
    addResource(resource) {
      const { name, template } = resource
      if (resources.has(name) || templates.some((each) => each.name === name))
        throw new TypeError(`the resource "${name}" is registered twice`)
      if (template === undefined) resources.set(name, resource)
      else templates.push(resource)
      lists[listOf('resource', resource)].add(resource)
    },
    remove(kind, name) {
      const entry = finders[kind](name)
      // An alias, or a URI that only fits a template, is not the entry's own name.
      if (entry === undefined || entry.name !== name) return undefined
      if (kind === 'tool') tools.remove(entry as Tool)
      else if (kind === 'prompt') prompts.remove(entry as Prompt)
      else if (!resources.delete(name)) templates.splice(templates.indexOf(entry as Resource), 1)
      const method = listOf(kind, entry)
      lists[method].remove(entry)
      return method
    },
    find: ({ kind, name }) => finders[kind](name),
  }
}

/** Of templates that fit one URI the one that says most of it; who may read it does not depend on what was registered first. */
function mostSpecific(fitting: readonly Resource[]): Resource | undefined {
  return fitting.reduce<Resource | undefined>(
    (best, each) => (best === undefined || literals(each) > literals(best) ? each : best),
    undefined,
  )
}

function literals({ name }: Resource): number {
  return name.replaceAll(/\{[^{}]*\}/g, '').length
}
