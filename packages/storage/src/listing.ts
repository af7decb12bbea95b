/**
 * Enumerates the records of one collection in one partition; a port of its own, because few parts need it.
 *
 * @group Ports
 */
export interface Listing {
  /**
   * Returns the ids of live records in ascending order of their Unicode code points, at most `limit`, only those
   * after `after` when it is given. The next page is `after: last id of this page`; a page shorter than `limit` is
   * the last one.
   *
   * Atomicity: one page is a snapshot, a walk over pages is not. A record that exists during the whole walk appears
   * exactly once; one that comes or goes meanwhile may or may not. A listed record may be gone when it is read.
   *
   * @throws TypeError (as a rejection) for a malformed name or a `limit` that is not a positive integer.
   */
  list(partition: string, collection: string, options: ListOptions): Promise<string[]>
}

/**
 * Which page of a listing to return.
 *
 * @group Ports
 */
export interface ListOptions {
  /** The last id of the previous page. Need not exist (any more). */
  readonly after?: string
  /** The most ids to return. */
  readonly limit: number
  /** Instant in milliseconds by which expiry is judged. */
  readonly now: number
}
