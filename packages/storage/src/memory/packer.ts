import { createBytes, writeNarrow } from '#platform'
import { encodeValue } from '../encode-value.ts'
import type { Json } from '../json.ts'
import type { Key } from '../key.ts'
import { digestSize, writeDigest } from './digest-codec.ts'
import type { Shapes } from './shapes.ts'
import type { SharedTexts } from './shared-texts.ts'
import { largestSmall, tag } from './tag.ts'

/** Writes records as bytes, one after another, until it is emptied. */
export interface Packer {
  /** The bytes so far. Another array after each call of `pack`. */
  readonly bytes: Uint8Array
  readonly length: number
  /** @throws TypeError for a value that JSON cannot express. */
  pack(revision: number, key: Key, value: Json): void
  /** What was packed is being stored, with its uses of shared texts. */
  keep(): void
  /** Starts anew; the uses of what was not kept end. */
  empty(): void
}

const usual = 4096
const deepest = 64
/** The depth of what came out of JSON text: all of it is packed, whatever its members are called. */
const parsed = Infinity
const shortestShared = 4

/**
 * Creates a packer. Plain objects, arrays, strings, finite numbers, booleans and `null` are packed directly; anything else takes the
 * detour through JSON text and so gets exactly JSON's treatment.
 */
export function createPacker(shared: SharedTexts, shapes: Shapes): Packer {
  const eight = new Float64Array(1)
  const eightBytes = new Uint8Array(eight.buffer)
  let bytes = createBytes(usual)
  let length = 0
  const used: number[] = []

  function reserve(more: number): void {
    if (length + more <= bytes.length) return
    const larger = createBytes(Math.max(bytes.length * 2, length + more))
    larger.set(bytes)
    bytes = larger
  }

  function rewind(to: number, uses: number): void {
    length = to
    for (const number of used.splice(uses)) shared.release(number)
  }

  function packCount(kind: number, count: number, size: number): void {
    reserve(size + 1)
    bytes[length++] = kind
    for (let shift = 0; shift < size; shift++) bytes[length++] = count >>> (8 * shift)
  }

  function packDigest(text: string, start: number): boolean {
    const size = digestSize(text.length - start)
    if (size === 0) return false
    reserve(size + 1)
    if (!writeDigest(text, start, bytes, length + 1)) return false
    bytes[length] = size === 16 ? tag.bytes16 : tag.bytes32
    length += size + 1
    return true
  }

  function packText(text: string): void {
    if (packDigest(text, 0)) return
    const number = text.length < shortestShared ? undefined : shared.use(text)
    if (number !== undefined) {
      used.push(number)
      return packCount(tag.shared, number, 2)
    }
    const end = text.lastIndexOf(':') + 1
    if (end > 0 && digestSize(text.length - end) > 0) {
      packCount(tag.joined, 0, 0)
      if (packDigest(text, end)) return packText(text.slice(0, end))
      length--
    }
    packCharacters(text)
  }

  function packCharacters(text: string): void {
    if (/[^\0-\u00ff]/.test(text)) return packWide(text)
    if (text.length < 256) packCount(tag.short, text.length, 1)
    else packCount(tag.narrow, text.length, 4)
    reserve(text.length)
    writeNarrow(text, bytes, length)
    length += text.length
  }

  function packWide(text: string): void {
    packCount(tag.wide, text.length, 4)
    reserve(text.length * 2)
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      bytes[length++] = unit
      bytes[length++] = unit >>> 8
    }
  }

  function packNumber(value: number): void {
    reserve(9)
    if (value >= 0 && value <= largestSmall && Number.isInteger(value)) bytes[length++] = tag.small + value
    else if (value > 0 && Number.isSafeInteger(value)) {
      const start = length++
      for (let rest = value; rest >= 1; rest = Math.floor(rest / 256)) bytes[length++] = rest % 256
      bytes[start] = tag.whole + length - start - 1
    } else {
      eight[0] = value
      bytes[length++] = tag.double
      bytes.set(eightBytes, length)
      length += 8
    }
  }

  /** `false`, and half of it packed, for what only JSON knows how to write. */
  function packValue(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
        packText(value)
        return true
      case 'boolean':
        packCount(value ? tag.true : tag.false, 0, 0)
        return true
      case 'number':
        if (depth !== parsed && (!Number.isFinite(value) || Object.is(value, -0))) return false
        packNumber(value)
        return true
      case 'object':
        if (value === null) {
          packCount(tag.null, 0, 0)
          return true
        }
        if (depth === 0 || (depth !== parsed && 'toJSON' in value)) return false
        return Array.isArray(value) ? packArray(value, depth - 1) : packObject(value, depth - 1)
      default:
        return false
    }
  }

  function packArray(value: readonly unknown[], depth: number): boolean {
    if (Object.getPrototypeOf(value) !== Array.prototype) return false
    // Read once: a getter inside may change it, and what follows would be read as members.
    const count = value.length
    packCount(tag.array, count, 4)
    // Not `every`, which skips holes: JSON knows what they are.
    for (let index = 0; index < count; index++) if (!packValue(value[index], depth)) return false
    return true
  }

  function packObject(value: object, depth: number): boolean {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return false
    const names = Object.keys(value)
    const shape = shapes.numberOf(names)
    if (shape === undefined) packCount(tag.named, names.length, 4)
    else packCount(tag.shaped, shape, 2)
    for (const name of names) {
      if (shape === undefined) packText(name)
      if (!packValue((value as Record<string, unknown>)[name], depth)) return false
    }
    return true
  }

  return {
    get bytes() {
      return bytes
    },
    get length() {
      return length
    },
    pack(revision, { partition, collection, id }, value) {
      packNumber(revision)
      packText(partition)
      packText(collection)
      packText(id)
      const [start, uses] = [length, used.length]
      if (packValue(value, deepest)) return
      rewind(start, uses)
      packValue(JSON.parse(encodeValue(value)), parsed)
    },
    keep() {
      used.length = 0
    },
    empty() {
      rewind(0, 0)
      if (bytes.length > usual) bytes = createBytes(usual)
    },
  }
}
