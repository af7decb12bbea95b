/**
 * Returns the instant from which a sweep removes a record: its expiry, rounded up by at most a quarter of its
 * lifetime (or a minute).
 *
 * Only this rounded instant is indexed. A record whose expiry slides forward with every use keeps it most of the
 * time, and an update that changes no indexed column writes to no index and stays on its page.
 */
export function sweepAt(expiresAt: number | null, now: number): number | null {
  if (expiresAt === null) return null
  const lifetime = Math.max(expiresAt - now, 1)
  const step = Math.max(60_000, 2 ** Math.floor(Math.log2(lifetime / 4)))
  return Math.min(Math.ceil(expiresAt / step) * step, Number.MAX_SAFE_INTEGER)
}
