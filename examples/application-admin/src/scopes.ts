import { defineScopes } from '@gatewright/core'

/** What clients may be allowed to do here. */
export const scopes = defineScopes({
  'read:application': 'View applications',
  'write:application': {
    description: 'Create, change and delete applications',
    implies: ['read:application'],
  },
  'read:user': 'View users',
  'write:user': { description: 'Change users', implies: ['read:user'] },
})
