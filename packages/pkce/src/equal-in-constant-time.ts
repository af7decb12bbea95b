/**
 * Whether two sequences of equal length hold the same numbers, in a time that does not depend on where they
 * differ. Sequences of different length are unequal at once.
 */
export function equalInConstantTime(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return difference === 0
}
