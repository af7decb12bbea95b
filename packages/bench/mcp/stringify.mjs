import { z } from 'zod'
import { heldScopes, toolsOf } from './tools.mjs'

/** Opens `JSON.stringify` of the tools that the caller sees, made before. */
export function open({ count }) {
  const held = new Set(heldScopes)
  const tools = toolsOf(count)
    .filter(({ scope }) => held.has(scope))
    .map(({ name, description, input }) => ({ name, description, inputSchema: z.toJSONSchema(input) }))
  return { run: () => JSON.stringify({ tools }) }
}
