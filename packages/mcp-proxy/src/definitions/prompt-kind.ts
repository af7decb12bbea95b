import type { Completer, PromptHandler } from '@gatewright/mcp'
import type { ProxySettings } from '../options.ts'
import { promptPin } from './definition-pin.ts'
import { registryRequirement, requirementFinder, type EntryKind } from './entry-kind.ts'
import { readableText } from './readable-text.ts'
import { promptProblem, type UpstreamPrompt } from './upstream-prompt.ts'

/** What is done with the prompts of an upstream. */
export interface PromptHandlers {
  get(name: string, scopes: readonly string[]): PromptHandler
  complete(name: string, argument: string, scopes: readonly string[]): Completer
}

/** The prompts of an upstream. */
export function promptKind(
  { prefix, prompts }: ProxySettings,
  handlers: PromptHandlers,
): EntryKind<UpstreamPrompt> {
  return {
    kind: 'prompt',
    list: { method: 'prompts/list', member: 'prompts' },
    capability: 'prompts',
    pinned: 'prompts',
    nameOf: ({ name }) => name,
    localName: (name) => prefix + name,
    problem: (prompt) => promptProblem(prompt, prefix),
    requirementOf: requirementFinder(prompts, ({ name }) => name),
    pinOf: promptPin,
    offer(registry, { name, title, description, arguments: args = [] }, requirement, { completes }) {
      const needed = requirement === 'public' ? [] : requirement
      registry.registerPrompt(
        prefix + name,
        {
          ...registryRequirement(requirement),
          title: readableText(title, 200),
          description: readableText(description, 8000),
          arguments: args.map((argument) => ({
            name: argument.name,
            title: readableText(argument.title, 200),
            description: readableText(argument.description, 2000),
            required: argument.required === true,
            ...(completes && { complete: handlers.complete(name, argument.name, needed) }),
          })),
        },
        handlers.get(name, needed),
      )
    },
  }
}
