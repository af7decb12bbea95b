import { defaultRuntime } from '@gatewright/core'

/** Whether a request can name another host than the one it is sent to. */
export const sendsAnyHost = false

/** Sends a request and follows no redirect. */
export function network(request: Request): Promise<Response> {
  return defaultRuntime.fetch(request)
}
