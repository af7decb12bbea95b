import { decodeBase64url, encodeBase64url } from '@gatewright/core'

/** A part of a list: its entries, as the text between the brackets of a JSON array. */
export interface Page {
  /** The length of that text in characters. */
  readonly length: number
  /** Where the next part begins; absent on the last page. */
  readonly nextCursor: string | undefined
  /** The text, put together at each call. */
  json(): string
  /**
   * The same in UTF-8, in pieces, made when they are first asked for, since a short page is sent as text. Every answer shares them:
   * whoever gets them must not write to them.
   */
  pieces(): readonly Uint8Array<ArrayBuffer>[]
}

/** Characters of a piece. Engines and systems treat what is above 128 KB one by one, with new memory for each. */
const pieceLength = 32 * 1024
const encoder = new TextEncoder()

/** Makes a page of the JSON texts of its entries. */
export function pageOf(entries: readonly string[], nextCursor: string | undefined): Page {
  let pieces: readonly Uint8Array<ArrayBuffer>[] | undefined
  return {
    length: entries.reduce((sum, { length }) => sum + length, Math.max(0, entries.length - 1)),
    nextCursor,
    json: () => entries.join(','),
    pieces() {
      // Also when a reader of an answer has transferred one away: nobody may empty the list of others.
      if (pieces?.every(({ length }) => length > 0) !== true) pieces = encodeInPieces(entries)
      return pieces
    },
  }
}

function encodeInPieces(entries: readonly string[]): readonly Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let text = ''
  for (const [index, entry] of entries.entries()) {
    if (index > 0) text += ','
    text += entry
    if (text.length < pieceLength && index < entries.length - 1) continue
    pieces.push(encoder.encode(text))
    text = ''
  }
  return pieces
}

/**
 * Writes where the next page begins: after which entry, at which place, in the list of which scopes.
 *
 * It needs no seal: it is only ever applied to the list of whoever presents it, so nobody sees more by making one up.
 */
export function cursorOf(held: bigint, offset: number, after: string): string {
  return encodeBase64url(new TextEncoder().encode(JSON.stringify([held.toString(36), offset, after])))
}

/** The place that a cursor names, or `undefined` when it was not written for this list as it is now. */
export function offsetOf(
  cursor: unknown,
  held: bigint,
  pageSize: number,
  nameAt: (index: number) => string | undefined,
): number | undefined {
  if (typeof cursor !== 'string' || cursor.length > 4096) return undefined
  const bytes = decodeBase64url(cursor)
  if (bytes === undefined) return undefined
  const [, place] = /^\["[0-9a-z]+",([1-9]\d{0,8}),"/.exec(new TextDecoder().decode(bytes)) ?? []
  const offset = Number(place ?? Number.NaN)
  if (!(offset % pageSize === 0)) return undefined
  const after = nameAt(offset - 1)
  // Only the exact spelling that we would write ourselves: every other is tampered with, or of other scopes.
  return after !== undefined && cursorOf(held, offset, after) === cursor ? offset : undefined
}
