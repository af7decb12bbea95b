/**
 * The part of Standard Schema that tools need: any library that implements it can describe and check arguments.
 *
 * @see [Standard Schema](https://standardschema.dev)
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
    readonly validate: (value: unknown) => ValidationResult<Output> | Promise<ValidationResult<Output>>
    /** Standard JSON Schema: without it a schema cannot be shown to clients. */
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>
      readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>
    }
  }
}

/** A value that passed, or what is wrong with it. */
export type ValidationResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly ValidationIssue[] }

/** One thing that is wrong. */
export interface ValidationIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What a schema makes of a value that it accepts. */
export type InferOutput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output']

/** Says what is wrong with a value, for the model to read: at most ten issues, each cut to a line. */
export function describeIssues(issues: readonly ValidationIssue[]): string {
  return issues
    .slice(0, 10)
    .map(({ message, path = [] }) => {
      const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
      return (place === '' ? message : `${place}: ${message}`).slice(0, 200)
    })
    .join('\n')
}
