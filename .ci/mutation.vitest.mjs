// The tests of one package, as Stryker wants them: in one project, run in the copy of the package whose mutants they meet.
import { defineConfig } from 'vitest/config'

const conditions = ['@gatewright/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@gatewright/source', 'node'] } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
