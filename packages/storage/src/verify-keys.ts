import type { Key } from './key.ts'

// 800 UTF-16 code units are at most 2,400 bytes of UTF-8: what the smallest index row among the databases holds
// (PostgreSQL, 2,704 bytes), so that no driver has a limit of its own.
const longest = 800

// SQLite and PostgreSQL cut or refuse text at NUL, and UTF-8 maps every lone surrogate to one and the same
// character: two different ids would meet in one record.
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0')

/**
 * Throws a `TypeError` unless the text may be a part of a key: a string, not empty, of at most 800 UTF-16 code
 * units, without NUL and lone surrogates. For authors of drivers (the names given to `list`).
 *
 * @group For drivers
 */
export function verifyKeyPart(name: string, text: string): void {
  if (typeof text !== 'string') throw new TypeError(`${name} must be a string`)
  if (text.length === 0) throw new TypeError(`${name} must not be empty`)
  if (text.length > longest) throw new TypeError(`${name} is longer than ${longest} UTF-16 code units`)
  if (!isStorable(text)) throw new TypeError(`${name} must not contain NUL or a lone surrogate`)
}

/**
 * Throws a `TypeError` unless every key is one that all drivers can store (see {@link Key}). The message never
 * repeats the key. For authors of drivers.
 *
 * @group For drivers
 */
export function verifyKeys(keys: readonly Key[]): void {
  if (!Array.isArray(keys)) throw new TypeError('keys must be an array')
  for (const key of keys) verifyKey(key)
}

/** Throws a `TypeError` unless all drivers can store the key. */
export function verifyKey(key: Key): void {
  verifyKeyPart('partition', key.partition)
  verifyKeyPart('collection', key.collection)
  verifyKeyPart('id', key.id)
  if (key.partition.length + key.collection.length + key.id.length > longest)
    throw new TypeError(`a key is longer than ${longest} UTF-16 code units`)
}
