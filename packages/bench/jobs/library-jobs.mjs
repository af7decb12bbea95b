const matcher = (name, count, naive = false) => ({
  name,
  module: 'library/redirect-match.mjs',
  options: { count, naive },
})

/** Parts that are used alone. */
export const libraryJobs = [1, 10, 1000].map((count) => ({
  name: `redirect-match-${count}`,
  title: `Match a loopback redirect URI with another port against ${count} registered`,
  run: (bench) =>
    bench.compare([matcher('a walk through the list', count, true), matcher('gatewright', count)]),
}))
