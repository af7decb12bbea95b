import { defineScopes } from '@gatewright/core'

/** What a user can allow Claude, and what the gateway asks for behind. */
export const scopes = defineScopes({
  'directory:listUsers': 'See the people of the company',
  'ledger:ListAccounts': 'See accounts',
  'ledger:Transfer': { description: 'Move money between accounts', implies: ['ledger:ListAccounts'] },
  // The gateway's own: to read which tools the ledger has. It opens none of them.
  'ledger:list': 'Read the list of the ledger’s tools',
})
