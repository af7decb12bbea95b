import fc from 'fast-check'

// Pieces of URIs that parsers are known to disagree about, next to honest ones.
const schemes = ['http', 'https', 'http', 'https', 'HTTP', 'com.example.app', 'cursor', 'javascript', '']
const separators = ['://', '://', '://', '://', '://', ':/', ':', ':///', '//', ':\\\\']
const userinfos = ['', '', '', '', '', 'a@', 'u:p@', '@', '127.0.0.1:80@']
const hosts = [
  '127.0.0.1',
  '[::1]',
  'localhost',
  'app.example.com',
  'pr-7.preview.example.com',
  '*.preview.example.com',
  'a.b.preview.example.com',
  'evil.example',
  '127.1',
  '0x7f000001',
  '127.0.0.1.evil.example',
  'localhost.',
  'LOCALHOST',
  '[0:0:0:0:0:0:0:1]',
  'xn--exmple-cua.com',
  'ex\u00e4mple.com',
  '',
]
const ports = [
  '',
  '',
  '',
  ':80',
  ':443',
  ':3000',
  ':51004',
  ':65535',
  ':65536',
  ':0',
  ':08080',
  ':*',
  ':',
  ':1e3',
]
const paths = [
  '',
  '/',
  '/cb',
  '/cb',
  '/cb',
  '/cb/',
  '/CB',
  '/a/../cb',
  '/%63b',
  '/cb%2f..',
  '/..;/cb',
  '//cb',
  '/*',
]
const queries = ['', '', '', '', '?', '?a=1', '?a=1&b=2', '?b=2&a=1', '?r=https://evil.example/']
const tails = ['', '', '', '', '', '#', '#f', ' ', '\t', '\n', '\u0000', '\\', '\u2028']

/** A URI assembled from tricky and honest pieces. */
export const uri: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...schemes),
    fc.constantFrom(...separators),
    fc.constantFrom(...userinfos),
    fc.constantFrom(...hosts),
    fc.constantFrom(...ports),
    fc.constantFrom(...paths),
    fc.constantFrom(...queries),
    fc.constantFrom(...tails),
  )
  .map((pieces) => pieces.join(''))

/** A URI that may be registered by a native client. */
export const nativeUri: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('http://127.0.0.1', 'http://[::1]', 'http://localhost'),
      fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
      fc.constantFrom('', '/', '/cb', '/cb/', '/cb/deep'),
      fc.constantFrom('', '?a=1', '?a=1&b=2'),
    )
    .map(([origin, port, path, query]) => origin + (port ? `:${port}` : '') + path + (path && query)),
  fc.constantFrom(
    'https://app.example.com/cb',
    'https://app.example.com:8443/cb?tenant=1',
    'https://app.example.com/',
    'com.example.app:/oauth2redirect',
    'com.example.app://host/cb',
  ),
)

/** Any combination of options. */
export const options = fc.record(
  {
    anyLoopbackPort: fc.boolean(),
    localhostAnyPort: fc.boolean(),
    wildcardPort: fc.boolean(),
    wildcardSubdomains: fc.boolean(),
    allowedSchemes: fc.constantFrom(['cursor'], [], ['javascript']),
  },
  { requiredKeys: [] },
)

/** The text with one character replaced, inserted, removed, or with one letter's case changed. */
export function mutationOf(text: string): fc.Arbitrary<string> {
  const character = fc.oneof(
    fc.constantFrom(...Array.from('/:@.?#%*\\0159[]-_~ \t\u0000')),
    fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }),
  )
  return fc
    .tuple(fc.nat(text.length), character, fc.constantFrom('replace', 'insert', 'remove', 'case'))
    .map(([at, replacement, kind]) => {
      const [before, here, after] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)]
      if (kind === 'replace') return before + replacement + after
      if (kind === 'insert') return before + replacement + here + after
      if (kind === 'remove') return before + after
      return before + (here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase()) + after
    })
}
