import { buildDiscoveryUrls } from '@modelcontextprotocol/client'
import { isSafeUrl } from '../server-url.ts'
import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'
import type { Probe } from './probe.ts'

/** What the metadata of the authorization server says. */
export interface ServerMetadataResult {
  readonly findings: readonly Finding[]
  readonly metadata: Readonly<Record<string, unknown>> | undefined
}

/**
 * Reads the metadata of the authorization server in the order in which clients try its places.
 *
 * @see [RFC 8414 §3.3 - Authorization Server Metadata Validation](https://www.rfc-editor.org/rfc/rfc8414.html#section-3.3)
 */
export async function checkServerMetadata(issuer: string, probe: Probe): Promise<ServerMetadataResult> {
  const findings: Finding[] = []
  const tried: string[] = []
  let metadata: ServerMetadataResult['metadata']
  for (const { url, type } of buildDiscoveryUrls(issuer)) {
    const answer = await probe(url)
    tried.push(`${url.href} (${answer.failure ?? answer.status})`)
    if (answer.status !== 200 || answer.json === undefined) continue
    metadata = answer.json
    findings.push(...required(metadata, type === 'oidc'))
    findings.push(ok('server_metadata', `found at ${url.href}`))
    break
  }
  if (metadata === undefined)
    return {
      findings: [
        failure(
          'server_metadata',
          `there is none at ${tried.join(', ')}`,
          'Serve the metadata at the first of these. Under a prefix, the well-known path still begins at the root of the origin.',
        ),
      ],
      metadata,
    }

  if (metadata['issuer'] === issuer) findings.push(ok('server_metadata.issuer', `the issuer is ${issuer}`))
  else
    findings.push(
      failure(
        'server_metadata.issuer',
        `the issuer is ${JSON.stringify(metadata['issuer'])}, and the resource says ${issuer}`,
        'Write both alike, to the last slash.',
      ),
    )
  findings.push(...endpoints(metadata), pkce(metadata), ...publicClients(metadata))
  if (metadata['authorization_response_iss_parameter_supported'] !== true)
    findings.push(
      warning(
        'server_metadata.iss',
        'authorization responses carry no iss',
        'Send `iss` (RFC 9207): a client that talks to several servers cannot be led to the wrong one.',
      ),
    )
  return { findings, metadata }
}

function endpoints(metadata: Readonly<Record<string, unknown>>): Finding[] {
  return ['authorization_endpoint', 'token_endpoint'].map((name) => {
    const value = metadata[name]
    const safe = typeof value === 'string' && URL.canParse(value) && isSafeUrl(new URL(value))
    return safe
      ? ok(`server_metadata.${name}`, value)
      : failure(`server_metadata.${name}`, `${name} is ${JSON.stringify(value)}`, 'It must be an https URL.')
  })
}

// Clients on an SDK read the document by a schema, and give up where it does not fit.
function required(metadata: Readonly<Record<string, unknown>>, openId: boolean): Finding[] {
  const names = [
    'response_types_supported',
    ...(openId ? ['jwks_uri', 'subject_types_supported', 'id_token_signing_alg_values_supported'] : []),
  ]
  const missing = names.filter((name) => metadata[name] === undefined)
  if (missing.length === 0) return []
  return [
    failure(
      'server_metadata.required',
      `the metadata lack ${missing.join(', ')}`,
      'Add what the standard of the document requires; clients refuse the whole of it otherwise.',
    ),
  ]
}

function pkce({ code_challenge_methods_supported: methods }: Readonly<Record<string, unknown>>): Finding {
  return Array.isArray(methods) && methods.includes('S256')
    ? ok('server_metadata.pkce', 'PKCE with S256 is announced')
    : failure(
        'server_metadata.pkce',
        'PKCE with S256 is not announced',
        'Support it and list S256 in `code_challenge_methods_supported`; clients stop otherwise.',
      )
}

function publicClients({
  token_endpoint_auth_methods_supported: methods,
  grant_types_supported: grants,
}: Readonly<Record<string, unknown>>): Finding[] {
  const findings: Finding[] = []
  if (!Array.isArray(methods) || !methods.includes('none'))
    findings.push(
      failure(
        'server_metadata.public_clients',
        'public clients are not announced',
        'List `none` in `token_endpoint_auth_methods_supported`: applications on a desktop can keep no secret.',
        ['Claude Code', 'VS Code', 'Cursor', 'mcp-remote'],
      ),
    )
  if (Array.isArray(grants) && !grants.includes('refresh_token'))
    findings.push(
      warning(
        'server_metadata.refresh',
        'refresh tokens are not announced',
        'Issue them, or users sign in again each time that an access token ends.',
      ),
    )
  return findings
}
