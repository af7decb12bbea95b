/**
 * The address of one record.
 *
 * All operations of one commit share a partition, and a read is a snapshot only within a partition: records that
 * must change together belong in one. `collection` is the kind of record, `id` tells the records of a kind apart.
 *
 * Each part is compared exactly (case, spaces and Unicode normalization count), is not empty, and holds neither
 * NUL nor a lone surrogate; the three parts together are at most 800 UTF-16 code units long. Every driver refuses
 * any other key with a `TypeError`, on reading too. An id that somebody outside chose is hashed by the caller first.
 *
 * @group Contract
 */
export interface Key {
  readonly partition: string
  readonly collection: string
  readonly id: string
}
