/** The peers that do a job, and what they leave out. */
const peers = []

/** The contenders of a job. */
export function peersOf(job, options) {
  return peers
    .filter(({ jobs }) => jobs.includes(job))
    .map(({ name, file, note }) => ({
      name,
      note,
      module: 'authorization/workload.mjs',
      options: { server: `peers/${file}.mjs`, job, ...options },
    }))
}
