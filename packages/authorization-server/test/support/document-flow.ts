import { createBrowser } from './browser.ts'
import { documentUrl } from './document-host.ts'
import { authorize as authorizeAs, obtainCode, redeem } from './flow.ts'
import type { TestServer } from './test-server.ts'

type Server = Pick<TestServer, 'server'>

/** Sends the authorization request of the client of the document. */
export function authorize(
  { server }: Server,
  overrides: Readonly<Record<string, string>> = {},
  browser = createBrowser(server),
) {
  return authorizeAs(browser, { client_id: documentUrl, ...overrides })
}

/** Goes from the request to the token response, as the client of the document. */
export async function obtainDocumentTokens(
  test: TestServer,
  overrides: Readonly<Record<string, string>> = {},
) {
  const client = { client_id: documentUrl, ...overrides }
  return redeem(test, await obtainCode(test, client), client)
}
