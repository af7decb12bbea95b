import { open as openWorkload } from './workload.mjs'

/** Opens the floor of a job beside a Gatewright that does another, and tells what a call of the floor takes, in microseconds. */
export async function open({ job, other }) {
  const floor = await openWorkload({ server: 'authorization/floor.mjs', job })
  const between = await openWorkload({ server: 'authorization/gatewright.mjs', job: other })

  async function timeOf(count, rest) {
    let spent = 0n
    for (const input of await floor.prepare(count)) {
      const started = process.hrtime.bigint()
      await floor.run(input)
      spent += process.hrtime.bigint() - started
      await rest()
    }
    return Number(spent) / 1000 / count
  }

  return {
    answers: {
      alone: (count) => timeOf(count, () => undefined),
      async between(count) {
        const inputs = (await between.prepare(count)).values()
        return timeOf(count, () => between.run(inputs.next().value))
      },
    },
  }
}
