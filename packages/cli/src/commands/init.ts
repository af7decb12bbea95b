import { basename, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Command } from '../command.ts'
import { frameworks, projectFiles, storages } from '../init/project-files.ts'
import { writeProject } from '../init/write-project.ts'
import { onlyArgument } from '../subcommands.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

/** Writes a project that works. */
export const init: Command = {
  name: 'init',
  summary: 'write a project that works: an MCP server behind an authorization server of its own',
  usage: `gatewright init [directory] [--framework ${frameworks.join('|')}] [--storage ${storages.join('|')}] [--name <name>]

Writes a TypeScript project into the directory, by default this one, and overwrites nothing. At a terminal it asks for
what is not said; elsewhere it takes ${frameworks[0]} and ${storages[0]}.

exit code  0 written   1 there are files already, and nothing was written   2 the command was called wrongly`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { framework: { type: 'string' }, storage: { type: 'string' }, name: { type: 'string' } },
    })
    const folder = resolve(positionals.length === 0 ? '.' : onlyArgument('directory', positionals))
    const framework = await choose('framework', frameworks, values.framework, terminal)
    const storage = await choose('storage', storages, values.storage, terminal)
    const name = values.name === undefined ? packageName(basename(folder)) : checkedName(values.name)
    const files = projectFiles({ name, framework, storage })
    writeProject(folder, files)
    const path = relative(process.cwd(), folder)
    terminal.print(`wrote ${files.length} files${path === '' ? '' : ` to ${path}`}: ${framework}, ${storage}

Next:

${path === '' ? '' : `  cd ${path}\n`}  npm install
  npm start

Then, in another terminal:

  npx @gatewright/cli doctor http://localhost:3000/mcp
  claude mcp add --transport http ${name} http://localhost:3000/mcp`)
    return 0
  },
}

async function choose<T extends string>(
  what: string,
  choices: readonly [T, ...T[]],
  said: string | undefined,
  terminal: Terminal,
): Promise<T> {
  const [first] = choices
  const question = `${what}: ${choices.join(', ')}? [${first}] `
  const answer = said ?? (terminal.ask === undefined ? first : (await terminal.ask(question)).trim() || first)
  const chosen = choices.find((choice) => choice === answer.toLowerCase())
  if (chosen === undefined) throw new UsageError(`there is no ${what} "${answer}": ${choices.join(', ')}`)
  return chosen
}

/** A name that a package may have, from the name of a directory. */
function packageName(directory: string): string {
  return (
    directory
      .toLowerCase()
      .replaceAll(/[^a-z\d-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'my-server'
  )
}

function checkedName(name: string): string {
  if (/^[a-z\d][a-z\d-]{0,99}$/.test(name)) return name
  throw new UsageError('--name is made of small letters, digits and dashes')
}
