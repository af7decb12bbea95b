import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Tests run against the sources: the "@gatewright/source" condition points past `dist`.
const conditions = ['@gatewright/source', 'module', 'node', 'development|production']

// Where a certain runtime is expected, each file first makes sure that this is it.
const setupFiles =
  process.env['EXPECTED_RUNTIME'] === undefined
    ? []
    : [fileURLToPath(new URL('.ci/expected-runtime.mjs', import.meta.url))]

// What SvelteKit's own build makes.
const alias = {
  '$app/environment': fileURLToPath(
    new URL('examples/frameworks/test/sveltekit-environment.ts', import.meta.url),
  ),
}

// Some tests are for one runtime alone: `*.bun.ts` for Bun, and so on.
const runtime = process.env['EXPECTED_RUNTIME']?.replace(/\d+$/, '')
const include = ['test', ...(runtime === undefined ? [] : [runtime])].map((kind) => `test/**/*.${kind}.ts`)

const projects = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${parent}/${entry.name}/test`))
    .map((entry) => ({
      root: `${parent}/${entry.name}`,
      resolve: { conditions, alias },
      ssr: { resolve: { conditions, externalConditions: ['@gatewright/source', 'node'] } },
      test: {
        name: entry.name,
        include,
        isolate: false,
        setupFiles,
        // A test of what is kept collects first what is not.
        execArgv: ['--expose-gc'],
        // Bun imports modules of both kinds by itself, and loses exports of those that vitest wraps to help.
        deps: { interopDefault: process.env['EXPECTED_RUNTIME'] !== 'bun' },
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
