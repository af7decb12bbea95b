import { tell } from '../bench/answer.ts'
import { expectThat } from '../check.ts'
import type { Check } from '../check.ts'

/** What the metadata of the resource says, and where it lies. */
export const resourceMetadataChecks: readonly Check[] = [
  {
    id: 'resource-server.metadata',
    rows: ['MD-03'],
    title: 'publishes its metadata at the well-known path before its own path',
    section: 'RFC 9728 §3.1',
    severity: 'must',
    mend: 'Serve the document at `/.well-known/oauth-protected-resource` followed by the path of the resource, at the root of the origin.',
    async run(bench) {
      const answer = await bench.send(bench.resourceMetadataUrl())
      const json = answer.headers.get('content-type')?.includes('json') === true
      return expectThat(answer.status === 200 && json && 'resource' in answer.json, tell(answer))
    },
  },
  {
    id: 'resource-server.metadata-resource',
    rows: ['MD-03'],
    title: 'names in its metadata exactly the URL that users paste',
    section: 'RFC 9728 §3.3',
    severity: 'must',
    mend: 'Set `resource` to the URL of the resource, path included: clients must not use a document about something else.',
    async run(bench) {
      const { resource } = await bench.resourceMetadata()
      const bare = (url: string) => url.replace(/\/$/, '')
      return expectThat(
        typeof resource === 'string' && bare(resource) === bare(bench.resource().href),
        `resource is ${JSON.stringify(resource)}, users paste ${bench.resource().href}`,
      )
    },
  },
  {
    id: 'resource-server.metadata-server',
    rows: ['MD-03'],
    title: 'names an authorization server in its metadata',
    section: 'MCP 2025-11-25 Authorization, Authorization Server Location',
    severity: 'must',
    mend: 'List the issuer in `authorization_servers`.',
    async run(bench) {
      const { authorization_servers: servers } = await bench.resourceMetadata()
      const usable =
        Array.isArray(servers) && servers.some((one) => typeof one === 'string' && URL.canParse(one))
      return expectThat(usable, `authorization_servers is ${JSON.stringify(servers)}`)
    },
  },
  {
    id: 'resource-server.metadata-host',
    rows: ['MD-05'],
    title: 'does not take its own name from the headers of a request',
    section: 'RFC 9728 §7.3',
    severity: 'must',
    mend: 'Take resource and issuer from configuration, never from Host, Forwarded or X-Forwarded-*.',
    async run(bench) {
      const url = bench.resourceMetadataUrl()
      const evil = 'attacker.example'
      const forwarded = await bench.send(url, {
        headers: {
          'x-forwarded-host': evil,
          'x-forwarded-proto': 'https',
          forwarded: `host=${evil};proto=https`,
        },
      })
      const hosted = await bench.send(url, { headers: { host: evil } })
      const fooled = [forwarded, hosted].find(({ text }) => text.includes(evil))
      return expectThat(fooled === undefined, fooled === undefined ? '' : tell(fooled))
    },
  },
]
