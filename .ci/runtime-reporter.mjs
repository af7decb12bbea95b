import { writeFileSync } from 'node:fs'
import { reasonOf } from './skipped-reporter.mjs'

/** Writes to `RUNTIME_REPORT`, for each project, what passed, failed and was skipped under this runtime, and why. */
export default class RuntimeReporter {
  onTestRunEnd(modules, unhandled) {
    const projects = {}
    for (const module of modules) {
      const project = (projects[module.project.name] ??= { passed: 0, failed: [], skipped: [] })
      const tests = [...module.children.allTests()]
      project.passed += tests.filter((test) => test.result().state === 'passed').length
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'failed') project.failed.push(`${module.relativeModuleId}: ${test.fullName}`)
        if (state === 'skipped') project.skipped.push({ name: test.fullName, reason: reasonOf(test) })
      }
      // A file that could not be loaded has no tests that could fail.
      if (module.state() === 'failed' && tests.every((test) => test.result().state !== 'failed'))
        project.failed.push(`${module.relativeModuleId} does not load`)
    }
    writeFileSync(
      process.env.RUNTIME_REPORT,
      JSON.stringify({ projects, unhandled: unhandled.map(({ message }) => message) }),
    )
  }
}
