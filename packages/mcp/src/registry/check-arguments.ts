import type { ValidationResult } from './standard-schema.ts'
import type { Tool } from './tool.ts'

/** The arguments as the tool's schema makes them, or what is wrong with them; a tool without a schema gets none. */
export async function checkArguments(
  { input }: Tool,
  args: Readonly<Record<string, unknown>>,
): Promise<ValidationResult<unknown>> {
  return input === undefined ? { value: {} } : input['~standard'].validate(args)
}
