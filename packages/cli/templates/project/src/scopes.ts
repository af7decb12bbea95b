import { defineScopes } from '@gatewright/core'

/** What users can allow an application, in the words of the consent page. */
export const scopes = defineScopes({
  'read:notes': 'Read your notes',
  'write:notes': { description: 'Add notes', implies: ['read:notes'] },
})
