// Compares what the scenarios of the conformance suite did with what is written down about them.

/** Every message is checked against the schema in every scenario: that says nothing about what the scenario is for. */
const accompanying = new Set(['wire-schema-valid'])

/**
 * What a scenario did: `passed`, `failed`, `skipped` by its own decision, `undecided` when it looked and checked nothing, or
 * `did not run`, which is never in order.
 */
export function outcomeOf(checks) {
  const own = checks.filter(({ id }) => !accompanying.has(id))
  const some = (status, among) => among.some((check) => check.status === status)
  if (some('FAILURE', checks)) return 'failed'
  if (some('SUCCESS', own)) return 'passed'
  if (some('SKIPPED', own)) return 'skipped'
  return own.length > 0 ? 'undecided' : 'did not run'
}

/**
 * Makes a judge of what is expected: `{ failed: { name: reason }, skipped: …, undecided: … }`. Everything else has to pass.
 */
export function createJudge(expected) {
  const listed = new Map(
    Object.entries(expected).flatMap(([outcome, reasons]) =>
      Object.entries(reasons).map(([name, reason]) => [name, { outcome, reason }]),
    ),
  )
  const tally = new Map()
  const seen = new Set()
  const problems = []
  return {
    problems,
    /** Notes one scenario of one run; gives what to print, and whether it is as expected. */
    judge(name, run, checks) {
      const outcome = outcomeOf(checks)
      const { outcome: wanted = 'passed', reason } = listed.get(name) ?? {}
      const fits = outcome === wanted
      seen.add(name)
      const label = fits && reason !== undefined ? `${outcome} as listed` : outcome
      tally.set(label, (tally.get(label) ?? 0) + 1)
      const why = fits ? reason : `expected: ${wanted}${reason === undefined ? '' : `, ${reason}`}`
      if (!fits) problems.push(`${run} ${name} ${outcome} (${why})`)
      const count = (status) => checks.filter((check) => check.status === status).length
      const counts = `${count('SUCCESS')} passed, ${count('FAILURE')} failed, ${count('SKIPPED')} skipped`
      const line = `${(fits ? label : outcome.toUpperCase()).padEnd(17)} ${name}: ${counts}${why === undefined ? '' : ` (${why})`}`
      return { fits, line }
    },
    /** After a run of everything: nothing that is written down, and nothing that the suite has, may have been left out. */
    checkComplete(all) {
      for (const name of new Set([...listed.keys(), ...all]))
        if (!seen.has(name)) problems.push(`${name} was not run`)
    },
    summary: () => [...tally].map(([label, count]) => `${count} ${label}`).join(', '),
  }
}
