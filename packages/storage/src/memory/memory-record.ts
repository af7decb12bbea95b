/** One record as the memory storage keeps it: flat, because a million of them may be held. */
export interface MemoryRecord {
  readonly partition: string
  readonly collection: string
  readonly id: string
  /** Deeply frozen, shared with nobody who could change it. */
  value: unknown
  /** Number of the write; never given twice by one storage. */
  revision: number
  expiresAt: number | null
  /** Position in the expiry queue, -1 when not queued. */
  place: number
  /** The next record of the same partition while these are few. */
  next: MemoryRecord | undefined
}

/** Tells whether the record exists at an instant. */
export function isAlive(record: MemoryRecord | undefined, now: number): record is MemoryRecord {
  return record !== undefined && (record.expiresAt === null || record.expiresAt > now)
}
