/** The median of numbers. */
export function median(numbers) {
  return quantile(numbers, 0.5)
}

/** The middle half of numbers, as a share of their median: how far a repetition may lie from it. */
export function spread(numbers) {
  const middle = median(numbers)
  return middle === 0 ? 0 : (quantile(numbers, 0.75) - quantile(numbers, 0.25)) / middle
}

/** The value below which a share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = numbers.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
