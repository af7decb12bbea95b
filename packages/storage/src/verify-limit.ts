/**
 * Throws a `TypeError` unless the limit is a positive integer. For authors of drivers.
 *
 * @group For drivers
 */
export function verifyLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError('limit must be a positive integer')
}
