// What would be published, offered on this machine as a registry does: names resolve as they will for users.
import { createHash, randomBytes } from 'node:crypto'
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { published, root } from './workspace.mjs'

const run = promisify(execFile)

/** Packs every public package into a directory, and serves the tarballs there; gives the line for `.npmrc`. */
export async function serveTarballs(directory) {
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  const args = ['--yes', pnpm, '-r', '--filter', './packages/*', 'pack', '--pack-destination', directory]
  await run('npx', args, { cwd: root })
  const files = readdirSync(directory)
  const packages = new Map(
    await Promise.all(
      published.map(async ({ manifest: { name, version } }) => {
        const file = files.find((entry) => entry.startsWith(`${name.slice(1).replace('/', '-')}-${version}.`))
        if (file === undefined) throw new Error(`${name} was not packed`)
        const { stdout } = await run('tar', ['-xzOf', join(directory, file), 'package/package.json'])
        return [name, { file, manifest: JSON.parse(stdout) }]
      }),
    ),
  )
  // A cache must not take another run for this one, whose port may be the same.
  const prefix = `/${randomBytes(8).toString('hex')}/`
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const path = pathname.startsWith(prefix) ? decodeURIComponent(pathname.slice(prefix.length)) : ''
    if (files.includes(path)) return response.end(readFileSync(join(directory, path)))
    const found = packages.get(path)
    if (found === undefined) return response.writeHead(404).end('{}')
    const { file, manifest } = found
    const { port } = server.address()
    const integrity = `sha512-${createHash('sha512')
      .update(readFileSync(join(directory, file)))
      .digest('base64')}`
    const dist = { tarball: `http://127.0.0.1:${port}${prefix}${file}`, integrity }
    response.setHeader('content-type', 'application/json')
    return response.end(
      JSON.stringify({
        name: manifest.name,
        'dist-tags': { latest: manifest.version },
        versions: { [manifest.version]: { ...manifest, dist } },
      }),
    )
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    npmrc: `@gatewright:registry=http://127.0.0.1:${server.address().port}${prefix}\n`,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
