import type { CallPolicy } from '@gatewright/core'
import { checkPolicies } from './call-policies.ts'
import type { Caller, CallExtra } from './caller.ts'
import type { CallToolResult, InputRequiredResult } from './content.ts'
import { compileEntry, type Entry, type EntryContext } from './entry.ts'
import { publishedSchema } from './json-schema.ts'
import type { Listing, Requirement } from './requirement.ts'
import type { AllOf, AnyOf, ScopeExpression } from './scope-expression.ts'
import type { InferOutput, StandardSchema } from './standard-schema.ts'

/** The schema of a tool without arguments. */
export type NoInput = StandardSchema<unknown, Readonly<Record<string, never>>>

/** What a client is told about a tool, and who may call it. */
export type ToolOptions<
  Name extends string = string,
  Input extends StandardSchema = StandardSchema,
> = Requirement<Name> & {
  readonly title?: string | undefined
  /** What the tool does, for the model. */
  readonly description: string
  /** Describes and checks the arguments. @default no arguments */
  readonly input?: Input | undefined
  /** Describes and checks `structuredContent`. @default not described, not checked */
  readonly output?: StandardSchema | undefined
  /** Hints such as `readOnlyHint`; clients must not rely on them. */
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
  /** Whether callers without the scopes see it in `tools/list`; their calls are refused either way. @default 'hide' */
  readonly list?: Listing | undefined
  /**
   * The scopes that a call with these arguments needs besides `scopes`; an empty list when it needs no more.
   *
   * It gets arguments that the schema has accepted. What it throws refuses the call.
   */
  scopesFor?(args: InferOutput<Input>, caller: Caller): ComputedScopes<Name> | Promise<ComputedScopes<Name>>
  /** Rules for calls of this tool, besides those of the registry. All must allow. @default [] */
  readonly policies?: readonly CallPolicy[] | undefined
  /** Further names that calls may use; they are not listed. */
  readonly aliases?: readonly string[] | undefined
  readonly icons?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

/** What `scopesFor` gives. */
export type ComputedScopes<Name extends string = string> =
  readonly ScopeExpression<Name>[] | AllOf<Name> | AnyOf<Name>

/** Does what the tool is for. What it throws is hidden from the client, but for a `JsonRpcError`; return `failure()` to tell the model something. */
export type ToolHandler<Args> = (
  args: Args,
  caller: Caller,
  extra: CallExtra,
) => ToolAnswer | Promise<ToolAnswer>

/** A result, or the wish for more input. */
export type ToolAnswer = CallToolResult | InputRequiredResult

/** A registered tool. */
export interface Tool extends Entry {
  readonly input: StandardSchema | undefined
  readonly output: StandardSchema | undefined
  readonly scopesFor: ((args: unknown, caller: Caller) => unknown) | undefined
  readonly policies: readonly CallPolicy[]
  readonly handler: ToolHandler<unknown>
}

/** @throws {TypeError} when the tool does not say who may call it, or its schemas cannot be published */
export function compileTool<Args>(
  name: string,
  options: ToolOptions,
  handler: ToolHandler<Args>,
  context: EntryContext,
): Tool {
  const what = `the tool "${name}"`
  const { title, description, input, output, annotations, icons, _meta } = options
  if (typeof description !== 'string') throw new TypeError(`${what} needs a description`)
  const listed = {
    name,
    title,
    description,
    inputSchema:
      input === undefined ? { type: 'object' } : publishedSchema(input, 'input', `the input of ${what}`),
    outputSchema:
      output === undefined ? undefined : publishedSchema(output, 'output', `the output of ${what}`),
    annotations,
    icons,
    _meta,
  }
  return {
    ...compileEntry(name, options, listed, context, what),
    input,
    output,
    // The arguments are those that `input` has made.
    scopesFor: options.scopesFor?.bind(options),
    policies: checkPolicies(options.policies, what),
    // The arguments were checked by the schema that the handler's parameter type came from.
    handler: handler as ToolHandler<unknown>,
  }
}
