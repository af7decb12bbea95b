import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Bundles all that a program exports into one file. */
export async function bundle(contents, { platform = 'neutral', external = [], resolveDir = folder } = {}) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    platform,
    external,
    ...(platform === 'neutral' ? { mainFields: ['module', 'main'], conditions: ['import'] } : {}),
  })
  return outputFiles[0].contents
}

/** The size of a program with all that it needs, in KB as it travels. */
export async function bundleSize(program, options) {
  const contents = await bundle(program, options)
  return {
    minified: (contents.length / 1024).toFixed(1),
    gzipped: (gzipSync(contents).length / 1024).toFixed(1),
  }
}
