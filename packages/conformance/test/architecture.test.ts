import { describe, expect, test } from 'vitest'
import {
  adapters,
  ambientExceptions,
  ambientFolders,
  ambientPackages,
  importTable,
} from '../src/import-table.ts'
import { ambientNamesIn } from '../src/rules/ambient-names.ts'
import type { AmbientUse } from '../src/rules/ambient-names.ts'
import { checkCommentReferences } from '../src/rules/comment-references.ts'
import { checkDeclarations } from '../src/rules/declarations.ts'
import { checkFileShape, countCodeLines, countLines, median } from '../src/rules/file-shape.ts'
import { checkImports } from '../src/rules/imports.ts'
import { checkManifest, nodeSourcesOf } from '../src/rules/manifest.ts'
import { checkOptionalPeers } from '../src/rules/optional-peers.ts'
import { loadedAtStart } from '../src/rules/start-up.ts'
import { parseSource } from '../src/source-file.ts'
import { formatViolations } from '../src/violation.ts'
import { readPackages, readPublicPackages, readText } from '../src/workspace.ts'

const packages = readPublicPackages()
const examples = readPackages('examples')
const sources = packages.flatMap((subject) =>
  subject.sources.map((path) => ({ subject, path, file: parseSource(path) })),
)
const written = [...packages, ...examples].flatMap(({ sources: paths }) => paths)

describe('the import table', () => {
  const mayImport = (folder: string) => Object.keys(importTable[folder]?.workspace ?? {})

  test('pkce, redirect-uri, storage and core import no other package', () => {
    expect(['pkce', 'redirect-uri', 'storage', 'core'].flatMap(mayImport)).toEqual([])
  })

  test('the authorization server and the resource server do not import each other', () => {
    expect(mayImport('authorization-server')).not.toContain('resource-server')
    expect(mayImport('resource-server')).not.toContain('authorization-server')
  })

  test('no package imports the authorization server', () => {
    expect(
      Object.keys(importTable).filter((folder) => mayImport(folder).includes('authorization-server')),
    ).toEqual([])
  })

  test('no package imports an adapter', () => {
    expect(
      Object.keys(importTable)
        .flatMap(mayImport)
        .filter((name) => adapters.includes(name)),
    ).toEqual([])
  })

  test('a package depends on no more of the workspace than its row allows', () => {
    const surplus = packages.flatMap(({ folder, manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
        .filter((name) => name.startsWith('@gatewright/'))
        .filter((name) => !mayImport(folder).includes(name.slice('@gatewright/'.length)))
        .map((name) => `${folder} depends on ${name}`),
    )
    expect(surplus).toEqual([])
  })
})

describe('every source of a published package', () => {
  test('imports only what its row in the table allows', () => {
    const existing = new Set(sources.map(({ path }) => path))
    const violations = sources.flatMap(({ subject, file }) =>
      checkImports(subject.folder, file, (path) => existing.has(path)),
    )
    expect(formatViolations(violations)).toEqual([])
  })

  test('takes clock, randomness, timers and network as arguments', () => {
    const nodeSources = new Set(packages.flatMap(nodeSourcesOf))
    const uses = sources
      .filter(({ subject, path }) => !ambientPackages.includes(subject.folder) && !nodeSources.has(path))
      .filter(({ path }) => !ambientFolders.some((folder) => path.startsWith(folder)))
      .flatMap(({ file }) => ambientNamesIn(file))
    const isExempt = (use: AmbientUse) =>
      ambientExceptions.some(({ path, name }) => path === use.path && name === use.name)
    expect(uses.filter((use) => !isExempt(use)).map(({ name, where }) => `${where}: ${name}`)).toEqual([])
    const unused = ambientExceptions.filter(
      (exception) => !uses.some(({ path, name }) => path === exception.path && name === exception.name),
    )
    expect(unused).toEqual([])
  })

  test('reaches no optional peer from the root entry point', () => {
    expect(formatViolations(packages.flatMap(checkOptionalPeers))).toEqual([])
  })
})

test('importing the authorization server loads neither jose nor what Node.js sends requests with', () => {
  // Each of them takes longer than all that the package does at its start; they are loaded when they are first needed.
  expect(loadedAtStart('authorization-server', packages)).toEqual(['node:buffer', 'node:crypto'])
  expect(loadedAtStart('resource-server', packages)).toContain('jose')
})

test('the adapter for Hono loads nothing of Node.js, for it runs where there is none', () => {
  expect(loadedAtStart('hono', packages)).toEqual([])
})

describe('every source of a package or example', () => {
  test('has no default or wildcard export, any, enum, namespace, non-null assertion or class that is no error', () => {
    expect(formatViolations(written.flatMap((path) => checkDeclarations(parseSource(path))))).toEqual([])
  })

  test('refers to RFCs by section, and links to that section', () => {
    expect(formatViolations(written.flatMap((path) => checkCommentReferences(parseSource(path))))).toEqual([])
  })

  test('has a telling kebab-case name and at most 250 lines', () => {
    expect(formatViolations(written.flatMap((path) => checkFileShape(path, readText(path))))).toEqual([])
  })
})

test('the median source file of each package has at most 80 lines', () => {
  const sizes = packages.map(({ folder, sources: paths }) => {
    const lines = paths.map((path) => countLines(readText(path)))
    return { folder, files: lines.length, median: median(lines), longest: Math.max(0, ...lines) }
  })
  const width = Math.max(...sizes.map(({ folder }) => folder.length))
  for (const { folder, files, median: middle, longest } of sizes)
    process.stdout.write(
      `${folder.padEnd(width)}  ${files} files, median ${middle}, longest ${longest} lines\n`,
    )
  expect(sizes.filter(({ median: middle }) => middle > 80)).toEqual([])
})

test('an adapter has fewer than 60 lines of code', () => {
  const sizes = packages
    .filter(({ folder }) => adapters.includes(folder))
    .map(({ folder, sources: paths }) => ({
      folder,
      lines: paths.reduce((sum, path) => sum + countCodeLines(readText(path)), 0),
    }))
  expect(sizes.filter(({ lines }) => lines >= 60)).toEqual([])
})

test('the manifest of each package names existing sources and publishes the same entry points', () => {
  expect(formatViolations(packages.flatMap(checkManifest))).toEqual([])
})
