import type { TokenPolicy } from '@gatewright/core'
import { sourceIp, when } from '@gatewright/policy'

/** Rules for the clients that have one. */
export const policies: readonly TokenPolicy[] = [
  when({ client: 'claude-public' }, sourceIp(['127.0.0.0/8', '::1'])),
  when({ client: 'ipclient' }, sourceIp(['10.0.0.0/8'])),
  when({ client: 'policyboom' }, () => {
    throw new Error('the policy of policyboom always fails')
  }),
]
