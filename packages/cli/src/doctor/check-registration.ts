import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'
import { outcome } from './probe.ts'
import type { Probe } from './probe.ts'

/**
 * Finds out how a client that nobody registered becomes known.
 *
 * The registration endpoint is asked with something that must be refused, so that nothing is registered.
 *
 * @see [RFC 7591 §3 - Client Registration Endpoint](https://www.rfc-editor.org/rfc/rfc7591.html#section-3)
 */
export async function checkRegistration(
  metadata: Readonly<Record<string, unknown>>,
  probe: Probe,
): Promise<Finding[]> {
  const { registration_endpoint: endpoint, client_id_metadata_document_supported: documents } = metadata
  const findings: Finding[] = []
  if (documents === true)
    findings.push(ok('registration.documents', 'clients may be described by a document at their id'))
  if (typeof endpoint === 'string') findings.push(await dynamicRegistration(endpoint, probe))
  else if (documents === true)
    findings.push(
      failure(
        'registration.dynamic',
        'clients cannot register themselves',
        'Cursor and mcp-remote know nothing of documents: let clients register themselves as well, or register these two and give users the client id.',
        ['Cursor', 'mcp-remote'],
      ),
    )
  if (findings.length === 0)
    findings.push(
      failure(
        'registration',
        'a client can neither register itself nor be described by a document',
        'Switch one of both on, or register each client and give users its client id (`--client-id`).',
        ['Claude', 'ChatGPT', 'Cursor', 'VS Code', 'mcp-remote'],
      ),
    )
  return findings
}

async function dynamicRegistration(endpoint: string, probe: Probe): Promise<Finding> {
  const answer = await probe(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ client_name: 'gatewright-doctor', redirect_uris: ['not a URI'] }),
  })
  const { status, json } = answer
  const id = 'registration.dynamic'
  if (status === 400 && typeof json?.['error'] === 'string') return ok(id, 'clients may register themselves')
  if (status === 201)
    return failure(
      id,
      'a client with a redirect URI that is none was registered',
      'Check redirect URIs when a client registers: this is how codes are stolen.',
    )
  if (status === 429)
    return warning(
      id,
      'registration is refused for now: too many requests',
      'Let a client and its users register a few times in a minute; many of them share an address.',
    )
  if (status === 401 || status === 403)
    return failure(
      id,
      `registration is answered ${status}`,
      'Clients of MCP have no initial access token: open registration to them, or register them yourself.',
      ['Claude', 'ChatGPT', 'Cursor', 'VS Code', 'mcp-remote'],
    )
  return failure(
    id,
    `registration ${outcome(answer)}`,
    'A malformed request must be answered 400 with a JSON error.',
  )
}
