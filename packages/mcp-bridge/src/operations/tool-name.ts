const longest = 128

/**
 * The name of an operation's tool: the prefix and its id, with everything that a tool name cannot have replaced by `_`. One that is
 * too long ends in a checksum of the id, so that ids which differ only behind the cut stay apart, and keep their names.
 *
 * Two operations whose names become equal are refused when they are registered.
 */
export function toolName(prefix: string, id: string): string {
  const plain = id
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replaceAll(/^_+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])_+$/g, '')
  const name = `${prefix}${plain}`
  if (name.length <= longest) return name
  const end = `_${checksum(id)}`
  return name.slice(0, longest - end.length) + end
}

/** FNV-1a over the UTF-16 code units. It only keeps names apart: who finds a collision gets an error, and nothing else. */
function checksum(text: string): string {
  let sum = 0x81_1c_9d_c5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01_00_01_93)
  return (sum >>> 0).toString(16).padStart(8, '0')
}

/** @throws {TypeError} when a prefix cannot begin a tool name */
export function checkPrefix(prefix: string): void {
  if (!/^[A-Za-z0-9._-]{0,64}$/.test(prefix))
    throw new TypeError('the prefix may have 64 letters, digits, "_", "-" and "."')
}
