/**
 * How long Redis keeps a record after its expiry, in milliseconds. The clocks of two processes may differ by so
 * much: what one of them still holds for alive has not been freed because the other wrote it.
 */
const slack = 300_000

/** A thousand years: Redis refuses what overflows with its own clock added, Lua what it cannot write as an integer. */
const longest = 31_536_000_000_000

/**
 * Returns after how many milliseconds Redis may free a record, as text; empty for never.
 *
 * Only the distance between two instants of the caller's clock is used, so it does not matter what Redis's own clock
 * says, as long as it runs at the same pace.
 */
export function timeToLive(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return ''
  return String(Math.min(Math.max(expiresAt - now, 0), longest) + slack)
}
