/**
 * The name of an operation's tool: the prefix and its id, with everything that a tool name cannot have replaced by `_`.
 *
 * Two operations whose names become equal are refused when they are registered.
 */
export function toolName(prefix: string, id: string): string {
  const plain = id
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replaceAll(/^_+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])_+$/g, '')
  return `${prefix}${plain}`.slice(0, 128)
}

/** @throws {TypeError} when a prefix cannot begin a tool name */
export function checkPrefix(prefix: string): void {
  if (!/^[A-Za-z0-9._-]{0,64}$/.test(prefix))
    throw new TypeError('the prefix may have 64 letters, digits, "_", "-" and "."')
}
