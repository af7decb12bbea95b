// Digests and random ids are base64url of 16 or 32 bytes, which is a quarter shorter as bytes.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
// Marked, so that a bundle of another driver leaves it out.
const values = /* @__PURE__ */ valuesOf(alphabet)

/** How many bytes a text of so many characters stands for, if it is base64url; `0` when it is not kept as bytes. */
export function digestSize(characters: number): number {
  if (characters === 43) return 32
  return characters === 22 ? 16 : 0
}

/** Writes what a text stands for from its character `start` on; `false` (and anything written) unless it is canonical base64url. */
export function writeDigest(text: string, start: number, into: Uint8Array, at: number): boolean {
  let bits = 0
  let held = 0
  let place = at
  for (let index = start; index < text.length; index++) {
    const value = values[text.charCodeAt(index)] ?? 64
    if (value === 64) return false
    held = (held << 6) | value
    bits += 6
    if (bits >= 8) {
      bits -= 8
      into[place++] = held >>> bits
      held &= (1 << bits) - 1
    }
  }
  // What is left over is zero in the one text that the bytes are written as.
  return held === 0
}

/** Tells whether the characters of a text from `start` on are what the bytes are written as; it must be of the right length. */
export function isDigest(text: string, start: number, bytes: Uint8Array, at: number): boolean {
  let bits = 0
  let held = 0
  let place = at
  for (let index = start; index < text.length; index++) {
    const value = values[text.charCodeAt(index)] ?? 64
    if (value === 64) return false
    held = (held << 6) | value
    bits += 6
    if (bits >= 8) {
      bits -= 8
      if (bytes[place++] !== held >>> bits) return false
      held &= (1 << bits) - 1
    }
  }
  return held === 0
}

function valuesOf(characters: string): Uint8Array {
  const found = new Uint8Array(128).fill(64)
  for (let value = 0; value < 64; value++) found[characters.charCodeAt(value)] = value
  return found
}
