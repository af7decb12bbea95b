import { formatScope, type EventDetails } from '@gatewright/core'
import type { Caller, CallExtra } from './caller.ts'

/** What an event about a call tells: who, for whom, with what, from where. Nothing in it is the client's to choose but the name. */
export function callReport(
  name: string,
  caller: Caller | undefined,
  extra: Pick<CallExtra, 'context'>,
): EventDetails {
  return {
    name: name.slice(0, 256),
    clientId: caller?.clientId,
    subject: caller?.subject,
    grantId: caller?.grantId,
    jti: caller?.jti,
    act: caller?.act,
    scope: caller && formatScope(caller.scopes),
    resource: caller?.resource,
    ip: extra.context?.ip,
    requestId: extra.context?.requestId,
  }
}
