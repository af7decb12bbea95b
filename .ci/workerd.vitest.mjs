// The tests that can run inside workerd, run inside it.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineConfig } from 'vitest/config'
import { root } from './workspace.mjs'
import { workerdFiles, workerdProjects } from './workerd-files.mjs'

const plugin = join(
  root,
  'node_modules/.cache/runtimes/node_modules/@cloudflare/vitest-plugin/dist/pool/index.mjs',
)
const { cloudflareTest } = await import(pathToFileURL(plugin).href)
const conditions = ['@gatewright/source', 'workerd', 'worker', 'browser']

/** Vitest adds the condition `node`, by which packages would show what only Node.js has, and no Worker ever loads. */
const withoutNode = {
  name: 'without-node',
  configEnvironment: {
    order: 'post',
    handler(_name, config) {
      config.resolve.conditions = conditions
    },
  },
}

export default defineConfig({
  test: {
    projects: workerdProjects
      .map((name) => ({ name, files: workerdFiles(name).files }))
      .filter(({ files }) => files.length > 0)
      .map(({ name, files }) => ({
        root: join(root, 'packages', name),
        plugins: [
          withoutNode,
          cloudflareTest({
            miniflare: {
              compatibilityDate: '2026-04-01',
              compatibilityFlags: ['nodejs_compat'],
              cf: false,
              d1Databases: { DB: 'auth' },
            },
          }),
        ],
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name,
          include: files,
          setupFiles: [join(root, '.ci/expected-runtime.mjs')],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
  },
})
