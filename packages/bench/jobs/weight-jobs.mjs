import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, bundleSize } from '../library/bundle.mjs'
import { compositions } from '../library/compositions.mjs'
import { median } from '../measure/statistics.mjs'
import { sizedPeers } from '../peers/sizes.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const sized = [
  ...compositions.flatMap(({ name, contents, note }) => [
    { name, contents, note },
    { name: `${name}, without jose`, contents, options: { external: ['jose'] } },
  ]),
  ...['resource-server', 'mcp', 'redirect-uri', 'pkce'].map((name) => ({
    name,
    contents: `export * from '@gatewright/${name}'`,
  })),
]

/** How long a program takes to start, and how much a page or an edge has to load. */
export const weightJobs = [
  {
    name: 'import',
    title: 'Import in a process of its own, over an empty process',
    async run({ settings }) {
      const times = settings.smoke ? 1 : 15
      const folder = mkdtempSync(join(here, '.import-'))
      try {
        const file = (name, text) => {
          writeFileSync(join(folder, name), text)
          return join(folder, name)
        }
        const empty = file('empty.mjs', '')
        const whole = await bundle("export * from '@gatewright/authorization-server'", { platform: 'node' })
        const programs = [
          ['empty process', empty],
          ['authorization-server', file('plain.mjs', "import '@gatewright/authorization-server'")],
          ['authorization-server in one file', file('bundled.mjs', whole)],
          ['resource-server', file('resource.mjs', "import '@gatewright/resource-server'")],
          ['jose alone', file('jose.mjs', "import 'jose'")],
        ]
        const taken = programs.map(() => [])
        for (let round = 0; round < times; round++)
          for (const [index, [, path]] of programs.entries()) {
            const started = performance.now()
            const { status, stderr } = spawnSync(settings.runtime, [path], { encoding: 'utf8' })
            if (status !== 0) throw new Error(stderr)
            taken[index].push(performance.now() - started)
          }
        const [base] = taken
        return programs.map(([name], index) => ({
          name,
          how: 'start',
          figures: {
            'wall ms': median(taken[index]).toFixed(0),
            'over empty': median(taken[index].map((time, round) => time - base[round])).toFixed(0),
          },
        }))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  },
  {
    name: 'size',
    title: 'Size of a bundle',
    async run({ peers }) {
      const rows = []
      for (const { name, contents, options, note } of [...sized, ...(peers ? sizedPeers : [])]) {
        const { minified, gzipped } = await bundleSize(contents, options)
        const figures = { 'KB minified': minified, 'KB gzipped': gzipped }
        rows.push({ name, how: 'bundle', figures, ...(note === undefined ? {} : { note }) })
      }
      return rows
    },
  },
]
