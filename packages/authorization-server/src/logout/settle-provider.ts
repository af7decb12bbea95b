import { createGrantAdministration } from '../admin/grant-administration.ts'
import type { ServerContext } from '../server-context.ts'

/** A login at a provider. */
export interface ProviderLogin {
  readonly subject: string
  /** Id of the provider; absent for a login here. */
  readonly provider?: string | undefined
}

/**
 * Calls `onLastLogout` when nothing of a login at a provider is left: no session of it, and no app that acts for the user
 * because of it. Never fails: what went wrong becomes an event.
 */
export async function settleProvider(
  { subject, provider }: ProviderLogin,
  now: number,
  server: ServerContext,
): Promise<void> {
  const { onLastLogout, storage } = server.options
  if (provider === undefined || onLastLogout === undefined || storage.list === undefined) return
  const details = { subject, provider }
  try {
    const sessions = await server.sessions.listBySubject(subject, now)
    const grants = await createGrantAdministration(async () => server).list({ subject })
    if ([...sessions, ...grants].some((each) => each.provider === provider)) return
    await onLastLogout(details)
    server.emit({ type: 'logout.notified', ...details })
  } catch (cause) {
    server.emit({ type: 'logout.notification_failed', ...details, reason: 'provider', cause })
  }
}
