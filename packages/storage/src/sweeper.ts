/**
 * Frees the room that expired records take. Nothing depends on it for being right: an expired record is absent
 * whether or not it was swept.
 *
 * @group Ports
 */
export interface Sweeper {
  /**
   * Removes at most `limit` expired records, the longest expired first as far as the driver knows the order, and
   * returns how many; `0` when there was nothing (left) to do. Works in small steps and lets others run in between.
   *
   * A driver may leave a record for a while after its expiry (up to a quarter of its lifetime and one minute), so
   * that writing it again and again stays cheap.
   *
   * Atomicity: each removal on its own. A record that is alive at `now` is never removed, also when it is replaced
   * at the same time. Safe to run in several processes at once: no record is counted twice.
   *
   * @throws TypeError (as a rejection) for a malformed instant or a `limit` that is not a positive integer.
   */
  sweep(options: SweepOptions): Promise<number>
}

/**
 * How far one call of {@link Sweeper.sweep} goes.
 *
 * @group Ports
 */
export interface SweepOptions {
  /**
   * Records that expired at this instant (milliseconds) or before may go. Pass a moment somewhat in the past when
   * the clock may be set back: what was swept cannot refuse a replay any more.
   */
  readonly now: number
  /** The most records to remove. */
  readonly limit: number
}
