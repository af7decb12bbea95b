import { createToolRegistry, json } from '@gatewright/mcp'
import { z } from 'zod'
import { scopes } from './scopes.ts'

const notes = new Map<string, string[]>()

/** The tools, each with the scopes that it needs. A misspelt scope does not compile. */
export const tools = createToolRegistry({ scopes })
  .register('list_notes', { description: 'List your notes', scopes: ['read:notes'] }, (_input, { subject }) =>
    json(notes.get(subject) ?? []),
  )
  .register(
    'add_note',
    {
      description: 'Add a note',
      scopes: ['write:notes'],
      input: z.object({ text: z.string().min(1).max(1000) }),
      // Listed for everybody: an application that may not use it yet can ask its user for more.
      list: 'show',
    },
    ({ text }, { subject }) => {
      const all = [...(notes.get(subject) ?? []), text]
      notes.set(subject, all)
      return json(all)
    },
  )
