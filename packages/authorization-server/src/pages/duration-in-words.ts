const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A number of seconds as people say it: in the largest unit that fits twice, rounded up. */
export function durationInWords(seconds: number, language: string): string {
  const [unit, size] = units.find(([, size]) => seconds >= size * 2) ?? (['minute', 60] as const)
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.ceil(seconds / size))
}
