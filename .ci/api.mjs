// Compares what each entry point exports with packages/<name>/api/<entry>.api.md, so that a changed public type shows in a diff.
// `--write` writes the reports. Needs a build with declarations.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { published, root } from './workspace.mjs'

const write = process.argv.includes('--write')
const scratch = mkdtempSync(join(tmpdir(), 'gatewright-api-'))
const quiet = { logLevel: ExtractorLogLevel.None }
// Reports describe what is there; what must be there is for the conformance tests and the documentation to say.
const messages = {
  compilerMessageReporting: { default: quiet },
  extractorMessageReporting: { default: quiet },
  tsdocMessageReporting: { default: quiet },
}
const compiler = {
  overrideTsconfig: {
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: ['node'],
      module: 'ESNext',
      moduleResolution: 'Bundler',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
    },
    files: entries().map(({ declarations }) => declarations),
  },
}
const failed = []
let state
try {
  for (const entry of entries()) check(entry)
  for (const { path } of published) removeStale(path)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
if (failed.length > 0) {
  console.error(`The public types of ${failed.join(', ')} are not those of the reports in packages/*/api.`)
  console.error('If that is meant: pnpm api:write, and commit the reports with the change.')
  process.exit(1)
}
console.log(`${entries().length} reports ${write ? 'written' : 'agree'}`)

function entries() {
  return published.flatMap(({ path, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([, target]) => target.types !== undefined)
      .map(([subpath, target]) => ({
        name: manifest.name + subpath.slice(1),
        path,
        file: subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-'),
        declarations: join(root, path, target.types),
      })),
  )
}

function check({ name, path, file, declarations }) {
  const reports = join(root, path, 'api')
  mkdirSync(reports, { recursive: true })
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(root, path),
      mainEntryPointFilePath: declarations,
      compiler,
      messages,
      // One file, whatever it was made of.
      apiReport: { enabled: true, reportFileName: file, reportFolder: reports, reportTempFolder: scratch },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
    },
    configObjectFullPath: join(root, path, 'api-extractor.json'),
    packageJsonFullPath: join(root, path, 'package.json'),
  })
  state ??= CompilerState.create(config)
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: write,
    compilerState: state,
    messageCallback: (message) => void (message.handled = true),
  })
  if (errorCount > 0 || (apiReportChanged && !write)) failed.push(name)
}

/** A report whose entry point is gone. */
function removeStale(path) {
  const known = new Set(
    entries()
      .filter((entry) => entry.path === path)
      .map(({ file }) => `${file}.api.md`),
  )
  for (const name of readdirSync(join(root, path, 'api')).filter((report) => !known.has(basename(report)))) {
    if (write) rmSync(join(root, path, 'api', name))
    else failed.push(`${path}/api/${name}`)
  }
}
