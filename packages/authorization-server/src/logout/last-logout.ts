import { createGrantAdministration } from '../admin/grant-administration.ts'
import type { ServerContext } from '../server-context.ts'

/** A login at a provider. */
export interface ProviderLogin {
  readonly subject: string
  /** Id of the provider; absent for a login here. */
  readonly provider?: string | undefined
}

/** Finds out whether anything of a login at a provider is left. Pass it in the option `lastLogout`. */
export type LastLogout = (login: ProviderLogin, now: number, server: ServerContext) => Promise<void>

/**
 * Gives back what a provider issued: calls `giveBack` when nothing of a login at a provider is left: no session of it, and no app that acts for the user
 * because of it. Nobody waits for it, and what it throws becomes an event. It needs a storage that can list.
 */
export function lastLogout(
  giveBack: (login: { readonly subject: string; readonly provider: string }) => Promise<void>,
): LastLogout {
  return (login, now, server) => settleProvider(login, giveBack, now, server)
}

async function settleProvider(
  { subject, provider }: ProviderLogin,
  giveBack: Parameters<typeof lastLogout>[0],
  now: number,
  server: ServerContext,
): Promise<void> {
  if (provider === undefined || server.options.storage.list === undefined) return
  const details = { subject, provider }
  try {
    const sessions = await server.sessions.listBySubject(subject, now)
    const grants = await createGrantAdministration(async () => server).list({ subject })
    if ([...sessions, ...grants].some((each) => each.provider === provider)) return
    await giveBack(details)
    server.emit({ type: 'logout.notified', ...details })
  } catch (cause) {
    server.emit({ type: 'logout.notification_failed', ...details, reason: 'provider', cause })
  }
}
