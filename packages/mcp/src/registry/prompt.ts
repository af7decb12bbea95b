import type { Caller, CallExtra } from './caller.ts'
import type { GetPromptResult, InputRequiredResult } from './content.ts'
import { compileEntry, type Entry, type EntryContext } from './entry.ts'
import type { Listing, Requirement } from './requirement.ts'
import type { Completer } from './resource.ts'

/** One argument of a prompt; its value is always a text. */
export interface PromptArgument {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly required?: boolean | undefined
  readonly complete?: Completer | undefined
}

/** What a client is told about a prompt, and who may use it. */
export type PromptOptions<Name extends string = string> = Requirement<Name> & {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly arguments?: readonly PromptArgument[] | undefined
  /** Whether callers without the scopes see it in `prompts/list`; they cannot get it either way. @default 'hide' */
  readonly list?: Listing | undefined
  readonly icons?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

/** Writes the messages. What it throws is hidden from the client, but for a `JsonRpcError`. */
export type PromptHandler = (
  args: Readonly<Record<string, string>>,
  caller: Caller,
  extra: CallExtra,
) => PromptAnswer | Promise<PromptAnswer>

/** The messages, or the wish for more input. */
export type PromptAnswer = GetPromptResult | InputRequiredResult

/** A registered prompt. */
export interface Prompt extends Entry {
  readonly arguments: ReadonlyMap<string, PromptArgument>
  readonly handler: PromptHandler
}

/** @throws {TypeError} when the prompt does not say who may use it, or names an argument twice */
export function compilePrompt(
  name: string,
  options: PromptOptions,
  handler: PromptHandler,
  context: EntryContext,
): Prompt {
  const what = `the prompt "${name}"`
  const { title, description, arguments: given = [], icons, _meta } = options
  const byName = new Map(given.map((argument) => [argument.name, argument]))
  if (byName.size !== given.length) throw new TypeError(`${what} has two arguments of one name`)
  const listed = {
    name,
    title,
    description,
    arguments: given.map(({ complete: _complete, ...shown }) => shown),
    icons,
    _meta,
  }
  return {
    ...compileEntry(name, options, listed, context, what),
    arguments: byName,
    handler,
  }
}
