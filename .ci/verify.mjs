// Every check of the repository, then its tests. Ends with `tests: N passed, N failed, N skipped`, and with status 1 when
// anything failed. Installs nothing.
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = '.ci/reports'
const minutes = 60_000
/** Steps of one lane follow each other; lanes run side by side, on the two processors that CI has. */
const lanes = [
  [
    { name: 'format:check' },
    { name: 'lint' },
    { name: 'typecheck' },
    { name: 'knip' },
    { name: 'docs:build', refuse: /^(?!npm warn).*\bwarn(?:ing)?\b/im },
  ],
  [
    { name: 'build' },
    { name: 'api' },
    { name: 'sizes' },
    { name: 'check:packages' },
    { name: 'newcomer' },
    { name: 'bench:smoke' },
  ],
]
const failed = []

await Promise.all(
  lanes.map(async (lane) => {
    for (const step of lane) await check(step)
  }),
)
const tests = await test()
await check({ name: 'catalogue' })
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(`tests: ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`)
process.exitCode = failed.length > 0 ? 1 : 0

async function check({ name, refuse }) {
  const started = performance.now()
  const { status, output } = await run(process.execPath, ['.ci/pnpm.mjs', 'run', name], 'pipe')
  const refused = refuse !== undefined && refuse.test(output)
  const verdict = status === 0 && !refused ? 'ok' : 'FAILED'
  console.log(`${verdict.padEnd(6)} ${name} (${seconds(started)})`)
  if (verdict === 'ok') return
  failed.push(name)
  console.log(`\n${output.trim()}${refused ? `\n\n${name} must not warn` : ''}\n`)
}

/** Runs the tests by the command of the README, with a report beside its output. */
async function test() {
  const started = performance.now()
  rmSync(`${root}/${reports}`, { recursive: true, force: true })
  const reporters = ['default', 'json', './.ci/skipped-reporter.mjs'].map((name) => `--reporter=${name}`)
  const args = ['test', '--', ...reporters, `--outputFile.json=${reports}/tests.json`]
  const { status } = await run('npm', args, 'inherit', 20 * minutes)
  const { numPassedTests, numFailedTests, numTotalTests, testResults } = read('tests.json') ?? {
    numPassedTests: 0,
    numFailedTests: 0,
    numTotalTests: 0,
    testResults: [],
  }
  const skipped = read('skipped.json') ?? []
  for (const { name, reason } of skipped) console.log(`skipped ${name}: ${reason ?? 'NO REASON'}`)
  // A file that could not be loaded has no tests that could fail.
  const broken = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((result) => result.status !== 'failed'),
  )
  const problems = [
    numFailedTests + broken.length > 0 && 'tests failed',
    numPassedTests === 0 && 'no test passed',
    status !== 0 && numFailedTests + broken.length === 0 && `npm test ended with status ${status}`,
    skipped.some(({ reason }) => reason === undefined) && 'tests are skipped without context.skip(reason)',
  ].filter((problem) => problem !== false)
  failed.push(...problems)
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} tests (${seconds(started)})`)
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numTotalTests - numPassedTests - numFailedTests,
  }
}

function read(name) {
  try {
    return JSON.parse(readFileSync(`${root}/${reports}/${name}`, 'utf8'))
  } catch {
    return undefined
  }
}

function run(command, args, output, limit = 10 * minutes) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, CI: 'true', NO_COLOR: '1' },
      stdio: ['ignore', output, output],
      timeout: limit,
    })
    let text = ''
    child.stdout?.on('data', (chunk) => (text += chunk))
    child.stderr?.on('data', (chunk) => (text += chunk))
    child.on('error', ({ message }) => resolve({ status: 1, output: message }))
    child.on('close', (status, signal) => {
      // Some tools colour their output whatever they are told.
      text = stripVTControlCharacters(text)
      resolve({
        status: status ?? 1,
        output: signal === null ? text : `${text}\nended by ${signal} after ${limit / minutes} minutes`,
      })
    })
  })
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}
