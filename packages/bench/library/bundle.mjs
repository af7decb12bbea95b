import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Bundles all of a package into one file. */
export async function bundle(name, { platform = 'neutral', external = [] } = {}) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${name}'`, resolveDir: folder },
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

/** The size of what is left of a package, in KB as it travels. */
export async function bundleSize(name, options) {
  const contents = await bundle(name, options)
  return {
    minified: (contents.length / 1024).toFixed(1),
    gzipped: (gzipSync(contents).length / 1024).toFixed(1),
  }
}
