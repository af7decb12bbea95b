import { isLoopbackHostname } from '@gatewright/core'
import type { EventSink } from '@gatewright/core'
import type { Storage } from '@gatewright/storage'

/** Tells the operator of a server that others reach when everything it knows ends with the process. */
export function doubtStorage(
  { issuer, storage }: { readonly issuer: string; readonly storage: Storage },
  emit: EventSink,
): void {
  if (storage.volatile !== true || isLoopbackHostname(new URL(issuer).hostname)) return
  emit({
    type: 'server.doubted',
    reason: 'volatile_storage',
    message:
      `${issuer} keeps clients, grants and used codes in the memory of this process: they are gone when it ends, and a second ` +
      'process knows none of them. Use @gatewright/storage-sqlite, -postgres or -redis.',
  })
}
