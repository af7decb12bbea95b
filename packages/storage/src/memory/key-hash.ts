/** Hashes of keys. Both are of 32 bits and say nothing to whoever does not know the seed. */
export interface KeyHash {
  ofCollection(partition: string, collection: string): number
  ofKey(partition: string, collection: string, id: string): number
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

  const ofCollection = (partition: string, collection: string) => add(collection, add(partition, seed))
  return {
    ofCollection,
    ofKey: (partition, collection, id) => add(id, ofCollection(partition, collection)),
  }
}
