import { dynamicRegistration, metadataDocuments, registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, MetadataDocumentsOptions } from '@gatewright/authorization-server'
import { redirectUri } from './flow.ts'
import { testServer } from './test-server.ts'

export const documentUrl = 'https://client.example.com/oauth/metadata.json'

/** A sound document of a native client. */
export const documentOf = (clientId: string, more: Readonly<Record<string, unknown>> = {}) => ({
  client_id: clientId,
  client_name: 'Desktop Client',
  redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
  token_endpoint_auth_method: 'none',
  ...more,
})

type Answer = Response | Error | (() => Response | Promise<Response>)

/** A host of documents that a test changes, and a record of what it was asked. */
export function documentHost() {
  const answers = new Map<string, Answer>()
  const requests: Request[] = []
  return {
    requests,
    answer: (url: string, answer: Answer) => void answers.set(url, answer),
    serve(url: string, document: unknown, headers: Record<string, string> = {}) {
      const body = typeof document === 'string' ? document : JSON.stringify(document)
      answers.set(
        url,
        () => new Response(body, { headers: { 'content-type': 'application/json', ...headers } }),
      )
    },
    fetch: (async (input, init) => {
      const request = new Request(input, init)
      requests.push(request)
      const answer = answers.get(request.url) ?? new Response('not found', { status: 404 })
      if (answer instanceof Error) throw answer
      return typeof answer === 'function' ? answer() : answer
    }) satisfies typeof fetch,
  }
}

/** A server that takes documents from a host of the test. */
export function documentServer(
  options: MetadataDocumentsOptions = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  const host = documentHost()
  host.serve(documentUrl, documentOf(documentUrl))
  const test = testServer({
    clients: [
      registered({ client_id: 'claude-desktop-mcp', redirect_uris: [redirectUri] }),
      metadataDocuments(options),
      dynamicRegistration({ mode: 'open' }),
    ],
    clientUrls: { fetch: host.fetch },
    ...overrides,
  })
  return { ...test, host }
}

export type DocumentTest = ReturnType<typeof documentServer>
