import { dirname, join } from 'node:path/posix'
import { expect, test } from 'vitest'
import { listFiles, readText } from '../src/workspace.ts'

const pages = listFiles('docs').filter(
  (path) => path.endsWith('.md') && !/^docs\/(?:api|\.vitepress)\//.test(path),
)

/** The anchor that the documentation's generator gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .replaceAll(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .replace(/^(\d)/, '_$1')
    .toLowerCase()
}

const withoutCode = (text: string) => text.replaceAll(/^(`{3,})[^]*?^\1/gm, '')
const anchors = new Map(
  pages.map((path) => [
    path,
    new Set(
      [...withoutCode(readText(path)).matchAll(/^#{1,6} (.+)$/gm)].map(([, text = '']) => anchorOf(text)),
    ),
  ]),
)

function pageAt(path: string, target: string): string | undefined {
  const place = target.startsWith('/') ? `docs${target}` : join(dirname(path), target)
  return [place, `${place}.md`, join(place, 'index.md')].find((candidate) => anchors.has(candidate))
}

test('a link between pages leads to a page, and to a heading of it', () => {
  const dead = pages.flatMap((path) =>
    [...withoutCode(readText(path)).matchAll(/\]\((?!<)([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      const [target = '', anchor = ''] = link.split('#')
      // What is generated is there after a build, which looks at its links itself.
      if (/^[a-z]+:/i.test(link) || /(?:^|\/)(?:api|messages)(?:\/|$)/.test(target)) return []
      const page = target === '' ? path : pageAt(path, target)
      if (page === undefined) return target.includes('..') ? [] : [`${path}: ${link} leads nowhere`]
      return anchor === '' || anchors.get(page)?.has(anchor) === true
        ? []
        : [`${path}: ${link} names no heading`]
    }),
  )
  expect(dead).toEqual([])
})
