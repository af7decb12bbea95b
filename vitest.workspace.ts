import { existsSync, readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests run against the sources: the "@gatewright/source" condition points past `dist`.
const conditions = ['@gatewright/source', 'module', 'node', 'development|production']

const projects = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${parent}/${entry.name}/test`))
    .map((entry) => ({
      root: `${parent}/${entry.name}`,
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: ['@gatewright/source', 'node'] } },
      test: {
        name: entry.name,
        include: ['test/**/*.test.ts'],
        isolate: false,
        // Only what hangs should end by it: a machine may have a lot to do.
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    })),
)

export default defineConfig({
  test: {
    projects,
    coverage: { include: ['packages/*/src/**'], reporter: ['text-summary', 'json-summary'] },
  },
})
