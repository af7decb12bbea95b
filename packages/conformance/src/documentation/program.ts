import { join } from 'node:path'
import ts from 'typescript'
import { entriesOf } from '../rules/manifest.ts'
import { root } from '../workspace.ts'
import type { WorkspacePackage } from '../workspace.ts'

/** Compiler options of the workspace. */
function readCompilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, root, undefined).options, noEmit: true }
}

/** Absolute path of the source of every entry point, by the name under which it is imported. */
export function entrySources(packages: readonly WorkspacePackage[]): Map<string, string> {
  return new Map(
    packages.flatMap((subject) =>
      [...entriesOf(subject)].map(([subpath, source]): [string, string] => [
        subject.manifest.name + subpath.slice(1),
        join(root, subject.path, source),
      ]),
    ),
  )
}

/**
 * Creates a program of the entry points and of files that exist in memory only.
 *
 * A file in memory imports every package of the workspace by name, and any third-party package that one of them depends on.
 */
export function createProgram(
  packages: readonly WorkspacePackage[],
  inMemory: ReadonlyMap<string, string> = new Map(),
  oldProgram?: ts.Program,
): ts.Program {
  const options = readCompilerOptions()
  const entries = entrySources(packages)
  const disk = ts.createCompilerHost(options, true)
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => inMemory.has(name) || disk.fileExists(name),
    readFile: (name) => inMemory.get(name) ?? disk.readFile(name),
    getSourceFile(name, ...rest) {
      const text = inMemory.get(name)
      if (text !== undefined) return ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true)
      return oldProgram?.getSourceFile(name) ?? disk.getSourceFile(name, ...rest)
    },
  }
  const resolve = (specifier: string, from: string) =>
    ts.resolveModuleName(specifier, from, options, host, cache).resolvedModule
  const cache = ts.createModuleResolutionCache(root, (name) => name, options)
  host.resolveModuleNameLiterals = (literals, containingFile) =>
    literals.map(({ text }) => {
      const entry = inMemory.has(containingFile) ? entries.get(text) : undefined
      if (entry !== undefined)
        return { resolvedModule: { resolvedFileName: entry, extension: ts.Extension.Ts } }
      const places = inMemory.has(containingFile)
        ? [containingFile, ...packages.map(({ path }) => join(root, path, 'src/index.ts'))]
        : [containingFile]
      return {
        resolvedModule: places.map((place) => resolve(text, place)).find((found) => found !== undefined),
      }
    })
  return ts.createProgram({
    rootNames: [...entries.values(), ...inMemory.keys()],
    options,
    host,
    ...(oldProgram === undefined ? {} : { oldProgram }),
  })
}
