import { mkdirSync, writeFileSync } from 'node:fs'

/** Writes which tests were skipped, and why: the JSON reporter does not know the reason given to `context.skip(reason)`. */
export default class SkippedReporter {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => ({
        test: `${module.project.name}: ${test.fullName}`,
        reason: test.result().note,
      })),
    )
    mkdirSync('.ci/reports', { recursive: true })
    writeFileSync('.ci/reports/skipped.json', JSON.stringify(skipped))
  }
}
