import type { CallPolicy } from '@gatewright/core'
import { timeWindow, when } from '@gatewright/policy'

const limit = 1000

/** Above the limit a transfer needs a person, whatever the token says. */
const amountLimit: CallPolicy = ({ request }) => {
  const { amount } = request.mcp.tool?.params.arguments ?? {}
  return typeof amount === 'number' && amount > 0 && amount <= limit
    ? { allowed: true }
    : { allowed: false, rule: 'amount-limit', external_message: `Transfers above ${limit} need a person.` }
}

/** Who may call what beyond scopes: money moves by day, and only so much. */
export const callPolicies: readonly CallPolicy[] = [
  when({ tool: 'ledger_transfer' }, amountLimit, timeWindow({ from: '06:00', to: '22:00', timeZone: 'UTC' })),
]
