const century = 3_155_760_000

/**
 * Checks a number of seconds in configuration.
 *
 * @throws {TypeError} when it is not a finite number within the bounds; the message names the option
 */
export function checkDuration(name: string, value: unknown, least = 1, most = century): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < least || value > most)
    throw new TypeError(
      `${name} must be a number of seconds from ${least} to ${most}, got ${typeof value === 'number' ? value : JSON.stringify(value)}`,
    )
}
