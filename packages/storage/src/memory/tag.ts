const small = 32

/** The first byte of everything packed says what follows. */
export const tag = {
  null: 0,
  false: 1,
  true: 2,
  /** Number of a shared text, in two bytes. */
  shared: 3,
  /** Length in one byte, then a byte for each character. */
  short: 4,
  /** Length in four bytes, then a byte for each character. */
  narrow: 5,
  /** Length in four bytes, then two bytes for each character. */
  wide: 6,
  /** Sixteen bytes that are written as 22 characters. */
  bytes16: 7,
  /** Thirty-two bytes that are written as 43 characters. */
  bytes32: 8,
  /** A text that ends with one of the two: that end, then the text before it. */
  joined: 9,
  /** Eight bytes. */
  double: 10,
  /** A whole number of so many bytes, one to seven, is this and their count. */
  whole: 10,
  /** Count in four bytes, then the members. */
  array: 18,
  /** Number of a shape in two bytes, then the members. */
  shaped: 19,
  /** Count in four bytes, then each name with its member. */
  named: 20,
  /** A whole number from zero on is this and itself, up to what a byte holds. */
  small,
} as const

/** The largest number that is in its tag. */
export const largestSmall = 255 - small
