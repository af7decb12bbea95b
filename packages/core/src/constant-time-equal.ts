/**
 * Compares two secrets in a time that does not depend on where they differ.
 *
 * Unequal lengths are unequal at once, so compare values of a fixed length, such as digests.
 */
export function constantTimeEqual(left: string, right: string): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let index = 0; index < left.length; index++)
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index)
  return difference === 0
}
