/** What a column holds: one number for each record. */
type Numbers = Uint32Array | Int32Array | Float64Array

/** A list of numbers by place that takes no more than they do, and never moves those that are there. */
export interface Column {
  get(place: number): number
  /** Sets a number; a place that was not set before is `0`. */
  set(place: number, value: number): void
}

const blockBits = 12
const blockMask = (1 << blockBits) - 1

/** Creates a column in blocks: growing one array of a million numbers would copy them all at once. */
export function createColumn(createBlock: (length: number) => Numbers): Column {
  const blocks: Numbers[] = []
  return {
    get: (place) => blocks[place >>> blockBits]?.[place & blockMask] ?? 0,
    set(place, value) {
      const index = place >>> blockBits
      while (blocks.length <= index) blocks.push(createBlock(1 << blockBits))
      const block = blocks[index]
      if (block !== undefined) block[place & blockMask] = value
    },
  }
}

/** Creates a column of places. */
export function placeColumn(): Column {
  return createColumn((length) => new Int32Array(length))
}
