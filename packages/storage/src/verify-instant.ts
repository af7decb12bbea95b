/**
 * Throws a `TypeError` unless the instant is a whole number of milliseconds. `NaN` would make every comparison with
 * it false, and so a record immortal or a condition void. For authors of drivers.
 *
 * @group For drivers
 */
export function verifyInstant(name: string, instant: number): void {
  if (!Number.isSafeInteger(instant)) throw new TypeError(`${name} must be a whole number of milliseconds`)
}
