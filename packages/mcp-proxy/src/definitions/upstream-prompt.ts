import { sizeProblem } from './definition-size.ts'
import { nameProblem } from './upstream-tool.ts'

/** A prompt as its server describes it. */
export interface UpstreamPrompt {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly arguments?: readonly UpstreamPromptArgument[] | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

/** One argument of it. */
export interface UpstreamPromptArgument {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly required?: boolean | undefined
}

const maximumArguments = 50

/** Why a description of a prompt is not taken, or `undefined` when it is. */
export function promptProblem(prompt: Partial<UpstreamPrompt>, prefix: string): string | undefined {
  const { name, arguments: args = [] } = prompt
  if (nameProblem(name, prefix)) return 'invalid_name'
  if (!Array.isArray(args) || args.length > maximumArguments) return 'malformed'
  for (const argument of args as unknown[]) {
    const { name: argumentName } = (argument ?? {}) as { name?: unknown }
    if (typeof argumentName !== 'string' || !/^[\w.-]{1,128}$/.test(argumentName)) return 'malformed'
  }
  return sizeProblem(prompt)
}
