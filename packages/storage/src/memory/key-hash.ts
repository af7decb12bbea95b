/** Hashes of keys. All are whole numbers of 32 bits and say nothing to whoever does not know the seed. */
export interface KeyHash {
  ofCollection(partition: string, collection: string): number
  /** The hash of a key, from that of its collection. */
  ofId(collection: number, id: string): number
}

/** Creates hashes with a random seed, so that nobody can choose ids that meet in one bucket. */
export function createKeyHash(): KeyHash {
  const [seed = 0, factor = 0] = crypto.getRandomValues(new Uint32Array(2))
  // Odd, so that no bit is lost.
  const odd = factor | 1

  function add(text: string, start: number): number {
    let hash = start ^ text.length
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), odd)
      hash ^= hash >>> 15
    }
    return hash
  }

  // What is read and written together has one partition, and its text is the longest part of a key.
  let latest = ''
  let ofLatest = 0

  function ofPartition(partition: string): number {
    if (partition !== latest) {
      latest = partition
      ofLatest = add(partition, seed)
    }
    return ofLatest
  }

  return {
    ofCollection: (partition, collection) => add(collection, ofPartition(partition)),
    ofId: (collection, id) => add(id, collection),
  }
}
