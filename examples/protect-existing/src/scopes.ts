import { defineScopes } from '@gatewright/core'

/** The scopes as the authorization server knows them: they are registered there. */
export const scopes = defineScopes({
  'read:orders': 'See your orders',
  'write:orders': { description: 'Cancel orders', implies: ['read:orders'] },
})
