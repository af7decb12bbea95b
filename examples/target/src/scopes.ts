import { defineScopes } from '@gatewright/core'

/** The scopes of the sample API. */
export const scopes = defineScopes({
  'read:application': 'View applications',
  'write:application': { description: 'Create and change applications', implies: ['read:application'] },
  'admin:application': { description: 'Delete applications', implies: ['write:application'] },
  'read:user': 'View users',
  'write:user': 'Change users',
})
