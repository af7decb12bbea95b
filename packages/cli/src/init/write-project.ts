import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProjectFile } from './project-files.ts'

/**
 * Writes the files of a project. What is there is never overwritten: one such file, and nothing is written.
 *
 * @throws {Error} that names the files that are there
 */
export function writeProject(folder: string, files: readonly ProjectFile[]): void {
  const there = files.map(({ path }) => path).filter((path) => existsSync(join(folder, path)))
  if (there.length > 0)
    throw new Error(
      `nothing is written, because these are there: ${there.join(', ')}\nname another directory: gatewright init my-server`,
    )
  for (const { path, text, secret = false } of files) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    // `wx` fails where a file has come to be in the meantime, and follows no link.
    writeFileSync(file, text, { flag: 'wx', mode: secret ? 0o600 : 0o644 })
  }
}
