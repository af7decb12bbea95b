import { mkdirSync, writeFileSync } from 'node:fs'

/** A title such as `redis-server is not installed`, of a test that stands for all that need it, is a reason. */
const saysWhy = /\bnot installed\b|\bdoes not exist in\b|\bneeds\b/

/** Why a test was skipped: the JSON reporter does not know the reason given to `context.skip(reason)`. */
export function reasonOf(test) {
  return test.result().note ?? (saysWhy.test(test.name) ? test.name : undefined)
}

/** Writes which tests were skipped, and why. */
export default class SkippedReporter {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => ({
        name: `${module.project.name}: ${test.fullName}`,
        reason: reasonOf(test),
      })),
    )
    mkdirSync('.ci/reports', { recursive: true })
    writeFileSync('.ci/reports/skipped.json', JSON.stringify(skipped))
  }
}
