import type ts from 'typescript'
import { commentsOf, placeOf } from '../source-file.ts'
import type { Violation } from '../violation.ts'

const section = String.raw`(?:§(?:\d+(?:\.\d+)*|[A-Z](?:\.\d+)*)|Appendix\s+[A-Z](?:\.\d+)*)`
const mention = /\bRFCs?[\s-]*\d+\b/gi
const wellFormed = new RegExp(String.raw`^RFC\s+\d{3,5}\s+${section}`)
const link = new RegExp(
  String.raw`\[RFC\s+(?<number>\d+)\s+(?<section>${section})[^\]]*\]\((?<url>[^)\s]*)\)`,
  'g',
)
const foreignLink = /https?:\/\/[^\s)>}\]]*(?:rfc-editor\.org|\brfc\d{3,5}\b)[^\s)>}\]]*/gi

/** Checks that comments refer to a section of an RFC as `RFC 6749 §4.1.2`, and link to exactly that section. */
export function checkCommentReferences(file: ts.SourceFile): Violation[] {
  return commentsOf(file).flatMap(({ text, position }) => {
    // The stars of a comment block become blanks, so that a reference may be wrapped and keeps its position.
    const plain = text.replaceAll(/\n\s*\*(?!\/)/g, (margin) => `\n${' '.repeat(margin.length - 1)}`)
    return problemsIn(plain).map(({ index, message }) => ({
      where: placeOf(file, position + index),
      message,
    }))
  })
}

function problemsIn(comment: string): { index: number; message: string }[] {
  const problems: { index: number; message: string }[] = []
  let rest = comment
  for (const match of comment.matchAll(link)) {
    const { number = '', section: named = '', url = '' } = match.groups ?? {}
    const expected = sectionUrl(number, named)
    if (url !== expected) problems.push({ index: match.index, message: `link must be ${expected}` })
    rest = rest.replace(match[0], (matched) => ' '.repeat(matched.length))
  }
  for (const match of rest.matchAll(foreignLink))
    problems.push({
      index: match.index,
      message: 'link to an RFC must be [RFC <n> §<section> - …](…#section-…)',
    })
  rest = rest.replaceAll(/https?:\/\/\S+/g, (url) => ' '.repeat(url.length))
  for (const match of rest.matchAll(mention))
    if (!wellFormed.test(rest.slice(match.index)))
      problems.push({ index: match.index, message: `"${match[0]}" must be of the form RFC <n> §<section>` })
  return problems
}

function sectionUrl(number: string, named: string): string {
  const name = named.replace(/^(?:§|Appendix\s+)/, '')
  return `https://www.rfc-editor.org/rfc/rfc${number}.html#${/^\d/.test(name) ? 'section' : 'appendix'}-${name}`
}
