import { digestText, narrowText } from '#platform'
import type { Key } from '../key.ts'
import { isDigest } from './digest-codec.ts'
import type { Shapes } from './shapes.ts'
import type { SharedTexts } from './shared-texts.ts'
import { tag } from './tag.ts'

/** Reads what a packer wrote. A record begins at a place in some bytes. */
export interface Unpacker {
  revisionAt(bytes: Uint8Array, place: number): number
  isIn(bytes: Uint8Array, place: number, partition: string, collection: string): boolean
  isOf(bytes: Uint8Array, place: number, key: Key): boolean
  keyAt(bytes: Uint8Array, place: number): Key
  /** A new value, which shares nothing that could change. */
  valueAt(bytes: Uint8Array, place: number): unknown
  /** Ends the record's uses of shared texts. */
  release(bytes: Uint8Array, place: number): void
}

/** Creates an unpacker of records whose packer has the same tables. */
export function createUnpacker(shared: SharedTexts, shapes: Shapes): Unpacker {
  const eight = new Float64Array(1)
  const eightBytes = new Uint8Array(eight.buffer)
  let bytes: Uint8Array = new Uint8Array()
  let at = 0

  function count(size: number): number {
    let value = 0
    for (let shift = 0; shift < size; shift++) value += (bytes[at++] ?? 0) * 2 ** (8 * shift)
    return value
  }

  // A function, because `at += count(1)` would add to what `at` was before the count was read.
  function advance(length: number): void {
    at += length
  }

  function number(kind: number): number {
    if (kind >= tag.small) return kind - tag.small
    if (kind > tag.whole) return count(kind - tag.whole)
    eightBytes.set(bytes.subarray(at, at + 8))
    at += 8
    return eight[0] ?? 0
  }

  function text(kind: number): string {
    switch (kind) {
      case tag.shared:
        return shared.textOf(count(2))
      case tag.short:
        return narrow(count(1))
      case tag.narrow:
        return narrow(count(4))
      case tag.wide:
        return wide(count(4))
      case tag.bytes16:
        return digest(16)
      case tag.bytes32:
        return digest(32)
      default: {
        const end = next() as string
        return `${next() as string}${end}`
      }
    }
  }

  function narrow(length: number): string {
    at += length
    return narrowText(bytes, at - length, at)
  }

  function wide(length: number): string {
    const units = Array.from({ length }, () => String.fromCharCode(count(2)))
    return units.join('')
  }

  function digest(size: number): string {
    at += size
    return digestText(bytes, at - size, at)
  }

  function next(): unknown {
    const kind = bytes[at++] ?? 0
    if (kind >= tag.shared && kind <= tag.joined) return text(kind)
    switch (kind) {
      case tag.null:
        return null
      case tag.false:
        return false
      case tag.true:
        return true
      case tag.array: {
        const members: unknown[] = []
        for (let left = count(4); left > 0; left--) members.push(next())
        return members
      }
      case tag.shaped:
        return object(shapes.namesOf(count(2)))
      case tag.named:
        return namedObject(count(4))
      default:
        return number(kind)
    }
  }

  function object(names: readonly string[]): unknown {
    const value: Record<string, unknown> = {}
    for (const name of names) setMember(value, name, next())
    return value
  }

  function namedObject(members: number): unknown {
    const value: Record<string, unknown> = {}
    for (let left = members; left > 0; left--) setMember(value, next() as string, next())
    return value
  }

  /** Passes over one thing, ends its uses, and says how many follow that are within it. */
  function skip(): number {
    const kind = bytes[at++] ?? 0
    if (kind === tag.joined) return 2
    if (kind === tag.array) return count(4)
    if (kind === tag.shaped) return shapes.namesOf(count(2)).length
    if (kind === tag.named) return 2 * count(4)
    if (kind === tag.shared) shared.release(count(2))
    else if (kind === tag.short) advance(count(1))
    else if (kind === tag.narrow) advance(count(4))
    else if (kind === tag.wide) advance(2 * count(4))
    else if (kind === tag.bytes16) at += 16
    else if (kind === tag.bytes32) at += 32
    else if (kind === tag.double) at += 8
    else if (kind > tag.whole && kind < tag.array) at += kind - tag.whole
    return 0
  }

  /** Without a call for each level: a deep value must not end the stack in the middle of its removal. */
  function skipAll(things: number): void {
    for (let left = things; left > 0; left--) left += skip()
  }

  /** Passes over a text, and tells whether it is the first so many characters of another. */
  function isText(other: string, length: number): boolean {
    const kind = bytes[at] ?? 0
    if (kind === tag.bytes16 || kind === tag.bytes32)
      return length === other.length && endsWithDigest(other) === 0
    if (kind === tag.joined && length === other.length) {
      at++
      const start = endsWithDigest(other)
      return start > 0 && isText(other, start)
    }
    at++
    const own = text(kind)
    return own.length === length && (length === other.length ? own === other : other.startsWith(own))
  }

  /** Passes over a digest, and tells where it begins in a text that ends with it; -1 when it does not. */
  function endsWithDigest(other: string): number {
    const isId = bytes[at++] === tag.bytes16
    const start = other.length - (isId ? 22 : 43)
    const place = at
    at += isId ? 16 : 32
    return start >= 0 && isDigest(other, start, bytes, place) ? start : -1
  }

  function begin(from: Uint8Array, place: number): number {
    bytes = from
    at = place
    return number(bytes[at++] ?? 0)
  }

  function isIn(from: Uint8Array, place: number, partition: string, collection: string): boolean {
    begin(from, place)
    return isText(partition, partition.length) && isText(collection, collection.length)
  }

  return {
    revisionAt: begin,
    isIn,
    isOf: (from, place, { partition, collection, id }) =>
      isIn(from, place, partition, collection) && isText(id, id.length),
    keyAt(from, place) {
      begin(from, place)
      return { partition: next() as string, collection: next() as string, id: next() as string }
    },
    valueAt(from, place) {
      begin(from, place)
      pass()
      pass()
      pass()
      return next()
    },
    release(from, place) {
      begin(from, place)
      skipAll(4)
    },
  }

  /** Passes over a text. */
  function pass(): void {
    const kind = bytes[at++] ?? 0
    if (kind === tag.shared) at += 2
    else if (kind === tag.bytes16) at += 16
    else if (kind === tag.bytes32) at += 32
    else if (kind === tag.short) advance(count(1))
    else if (kind === tag.narrow) advance(count(4))
    else if (kind === tag.wide) advance(2 * count(4))
    else {
      pass()
      pass()
    }
  }
}

function setMember(value: Record<string, unknown>, name: string, member: unknown): void {
  // Assigning to this one would set the prototype.
  if (name === '__proto__')
    Object.defineProperty(value, name, {
      value: member,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  else value[name] = member
}
