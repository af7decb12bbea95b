import { checkBrowserClients } from './check-browser-clients.ts'
import { checkChallenge } from './check-challenge.ts'
import { checkEndpoints } from './check-endpoints.ts'
import { checkRegistration } from './check-registration.ts'
import { checkResourceMetadata } from './check-resource-metadata.ts'
import { checkServerMetadata } from './check-server-metadata.ts'
import type { Finding } from './finding.ts'
import type { Probe } from './probe.ts'

/** The clients whose way to a server is known. */
export const knownClients = ['Claude', 'Claude Code', 'ChatGPT', 'VS Code', 'Cursor', 'mcp-remote'] as const

/** What an examination found. */
export interface Examination {
  readonly server: string
  readonly findings: readonly Finding[]
  /** For each known client, the ids of the findings that keep it from connecting. */
  readonly clients: Readonly<Record<string, readonly string[]>>
}

/** Walks the way that clients take from the URL of a server to its sign-in page, and stops where nobody comes further. */
export async function examine(server: URL, probe: Probe): Promise<Examination> {
  const findings: Finding[] = []
  const done = (): Examination => ({ server: server.href, findings, clients: verdicts(findings) })

  const challenge = await checkChallenge(server, probe)
  findings.push(...challenge.findings)
  if (findings.some(({ id }) => id === 'reach')) return done()
  const resource = await checkResourceMetadata(server, challenge.resourceMetadataUrl, probe)
  findings.push(...resource.findings)
  if (resource.issuer === undefined) return done()
  const { findings: aboutServer, metadata } = await checkServerMetadata(resource.issuer, probe)
  findings.push(...aboutServer)
  if (metadata === undefined) return done()
  findings.push(...(await checkEndpoints(metadata, probe)))
  findings.push(...(await checkRegistration(metadata, probe)))
  findings.push(...(await checkBrowserClients(server, metadata, probe)))
  return done()
}

function verdicts(findings: readonly Finding[]): Record<string, string[]> {
  return Object.fromEntries(
    knownClients.map((client) => [
      client,
      findings
        .filter(({ status, clients }) => status === 'failure' && (clients?.includes(client) ?? true))
        .map(({ id }) => id),
    ]),
  )
}
