// The snippet for Next.js, built and started by it, and while its application is written: `pnpm test:runtimes node22 --project frameworks`
import { afterAll, beforeAll, describe } from 'vitest'
import { createApplication, repository } from './create-application.ts'
import { at, buildTimeout, itAnswers } from './it-answers.ts'
import { runProgram, startProgram } from './start-program.ts'
import type { Program } from './start-program.ts'

const next = '../node_modules/next/dist/bin/next'
const env = { NEXT_TELEMETRY_DISABLED: '1' }
const application = createApplication('next', {
  packages: ['next', 'react', 'react-dom', '@types/react'],
  files: {
    'package.json': JSON.stringify({ type: 'module', private: true }),
    // The types of the snippets are checked with those of everything else.
    'next.config.mjs': `export default ${JSON.stringify({
      turbopack: { root: repository },
      typescript: { ignoreBuildErrors: true },
    })}`,
    'app/layout.jsx': `export default ({ children }) => <html><body>{children}</body></html>`,
    'app/page.jsx': `export default () => <p>my app</p>`,
  },
})

afterAll(() => application.remove())

describe('built', () => {
  // As on a machine that only builds: without the secret.
  beforeAll(() => runProgram([next, 'build'], { folder: application.folder, env }), buildTimeout)
  answersBy('start')
})

describe('in development', () => answersBy('dev'))

function answersBy(command: 'start' | 'dev'): void {
  let program: Program
  beforeAll(async () => {
    program = await startProgram([next, command, '--hostname', '127.0.0.1', '--port', '0'], {
      folder: application.folder,
      env: { ...env, KEY_SECRET: 'a secret that only these tests use, of 32 characters' },
    })
    return () => program.stop()
  }, buildTimeout)

  itAnswers(() => at(program.origin))
}
