import { expect, test } from 'vitest'
import { checkCommentReferences } from '../../src/rules/comment-references.ts'
import { parseSource } from '../../src/source-file.ts'

const problems = (text: string) => checkCommentReferences(parseSource('packages/core/src/a.ts', text))
const url = 'https://www.rfc-editor.org/rfc/rfc7636.html'

test.each([
  '// RFC 6749 4.1.2: revoke',
  '// RFC 7636, S256 only',
  '// RFC6749 §4.1.2',
  '// RFC-6749 §4.1.2',
  '// rfc 6749 section 4.1.2',
  '// RFCs 6749 and others',
  '/* see RFC 6749 */',
  '/** Verifies. @see RFC 7636 */ export const a = 1',
  `// [RFC 7636](${url})`,
  `// [RFC 7636 §4.6](${url})`,
  `// [RFC 7636 §4.6](${url}#section-4.5)`,
  `// [RFC 7636 §4.6](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.6)`,
  `// [RFC 7636 §4.6](https://datatracker.ietf.org/doc/html/rfc7636#section-4.6)`,
  `// ${url}#section-4.6`,
  `// {@link ${url}#section-4.6 the section}`,
  'const a = b // RFC 6749 says so\n',
  'function a() {\n  // RFC 6749 says so\n}',
])('%s is refused', (text) => {
  expect(problems(text)).not.toEqual([])
})

test.each([
  '// RFC 6749 §4.1.2: revoke what the code has bought',
  '// RFC 7636 Appendix B',
  '// (RFC 7636 §4.6, RFC 9207 §2)',
  '/**\n * As RFC 6749\n * §4.1.2 says.\n */',
  `/** @see [RFC 7636 §4.6 - Server Verifies](${url}#section-4.6) */ export const a = 1`,
  `// [RFC 7636 Appendix B](${url}#appendix-B)`,
  '// OAuth 2.1 draft-13 §4.1.1',
  '// RFC 6265bis draft-20 §4.1.3.2, https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-20',
  '// MCP 2026-07-28 Authorization',
  '// https://modelcontextprotocol.io/specification',
  `const text = 'RFC 6749'`,
])('%s is accepted', (text) => {
  expect(problems(text)).toEqual([])
})

test('a reference inside a comment block is reported at its own line', () => {
  expect(
    problems('\n/**\n * One.\n *\n * See RFC 6749.\n */\nexport const a = 1\n').map(({ where }) => where),
  ).toEqual(['packages/core/src/a.ts:5'])
})
