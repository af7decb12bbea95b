import { tell } from '../bench/answer.ts'
import { metadataUrls } from '../bench/discovery.ts'
import { expectThat } from '../check.ts'
import type { Check } from '../check.ts'

/** What the metadata of the authorization server says. */
export const serverMetadataChecks: readonly Check[] = [
  {
    id: 'authorization-server.metadata',
    rows: ['MD-01'],
    title: 'publishes its metadata at the well-known path before the path of its issuer',
    section: 'RFC 8414 §3.1',
    severity: 'must',
    mend: 'Serve it at `/.well-known/oauth-authorization-server` followed by the path of the issuer, at the root of the origin.',
    async run(bench) {
      const [url] = metadataUrls(await bench.issuer())
      const answer = await bench.send(url)
      const json = answer.headers.get('content-type')?.includes('json') === true
      return expectThat(answer.status === 200 && json && 'issuer' in answer.json, tell(answer))
    },
  },
  {
    id: 'authorization-server.metadata-issuer',
    rows: ['MD-01'],
    title: 'calls itself in its metadata what the resource and its clients call it',
    section: 'RFC 8414 §3.3',
    severity: 'must',
    mend: 'Write the issuer alike everywhere, to the last slash: clients compare it as a string.',
    async run(bench) {
      const { issuer } = await bench.metadata()
      const expected = await bench.issuer()
      return expectThat(
        issuer === expected,
        `issuer is ${JSON.stringify(issuer)}, and was looked up as ${expected}`,
      )
    },
  },
  {
    id: 'authorization-server.metadata-host',
    rows: ['MD-05'],
    title: 'does not take its endpoints from the headers of a request',
    section: 'RFC 8414 §6.2',
    severity: 'must',
    mend: 'Build every URL from the configured issuer, never from Host, Forwarded or X-Forwarded-*: a cache in front would hand the attacker’s endpoints to everybody.',
    async run(bench) {
      const evil = 'attacker.example'
      const tries = [
        { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https', forwarded: `host=${evil};proto=https` },
        { host: evil },
      ]
      for (const url of metadataUrls(await bench.issuer()))
        for (const headers of tries) {
          const answer = await bench.send(url, { headers })
          if (answer.text.includes(evil))
            return { status: 'failed', evidence: `${Object.keys(headers)[0]}: ${evil} → ${tell(answer)}` }
        }
      return { status: 'passed' }
    },
  },
  {
    id: 'authorization-server.metadata-pkce',
    title: 'announces PKCE with S256, and nothing weaker',
    section: 'MCP 2025-11-25 Authorization, Authorization Code Protection',
    severity: 'must',
    mend: 'List exactly S256 in `code_challenge_methods_supported`; clients of MCP stop where it is missing.',
    async run(bench) {
      const methods = await bench.listed('code_challenge_methods_supported')
      return expectThat(
        methods.includes('S256') && !methods.includes('plain'),
        `code_challenge_methods_supported is ${JSON.stringify(methods)}`,
      )
    },
  },
  {
    id: 'authorization-server.metadata-flows',
    title: 'offers no flow that puts access tokens into URLs, and none that takes passwords from clients',
    section: 'RFC 9700 §2.1.2',
    severity: 'should',
    mend: 'Leave out response types with `token`, and the grant type `password`.',
    async run(bench) {
      const types = await bench.listed('response_types_supported')
      const grants = await bench.listed('grant_types_supported')
      const bad = [
        ...types.filter((type) => type.split(' ').includes('token')),
        ...grants.filter((grant) => grant === 'password'),
      ]
      return expectThat(bad.length === 0, `offered: ${bad.join(', ')}`)
    },
  },
]
