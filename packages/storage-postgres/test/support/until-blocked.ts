import type { Client } from 'pg'

/** Resolves as soon as so many sessions of the database wait for a lock that somebody else holds. */
export async function untilBlocked(observer: Client, count = 1): Promise<void> {
  for (;;) {
    const { rows } = await observer.query<{ blocked: number }>(
      `select count(*)::int as blocked from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if ((rows[0]?.blocked ?? 0) >= count) return
  }
}
