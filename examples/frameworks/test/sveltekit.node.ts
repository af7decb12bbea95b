// The snippet for SvelteKit, built by it and started: `pnpm test:runtimes node22 --project frameworks`
import { afterAll, beforeAll } from 'vitest'
import { createApplication } from './create-application.ts'
import { at, buildTimeout, itAnswers, origin } from './it-answers.ts'
import { runProgram, startProgram } from './start-program.ts'
import type { Program } from './start-program.ts'

const application = createApplication('sveltekit', {
  packages: ['svelte', 'vite', '@sveltejs/kit', '@sveltejs/adapter-node'],
  files: {
    'package.json': JSON.stringify({ name: 'my-app', version: '0.0.0', type: 'module', private: true }),
    'svelte.config.js': `import adapter from '@sveltejs/adapter-node'
export default { kit: { adapter: adapter(), csrf: { trustedOrigins: ['*'] } } }`,
    'vite.config.js': `import { sveltekit } from '@sveltejs/kit/vite'
export default { plugins: [sveltekit()] }`,
    'src/app.html': '<html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>',
    'src/routes/+page.svelte': 'my app',
    'src/routes/+page.js': 'export const prerender = true',
  },
})
let program: Program

beforeAll(async () => {
  // As on a machine that only builds: without the secret.
  await runProgram(['../node_modules/vite/bin/vite.js', 'build'], { folder: application.folder })
  program = await startProgram(['build/index.js'], {
    folder: application.folder,
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      ORIGIN: origin,
      KEY_SECRET: 'a secret that only these tests use, of 32 characters',
    },
  })
  return () => program.stop()
}, buildTimeout)
afterAll(() => application.remove())

itAnswers(() => at(program.origin))
