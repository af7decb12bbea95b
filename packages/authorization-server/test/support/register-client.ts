import { issuer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

/** Registers a client dynamically and gives its id. */
export async function registerClient(
  test: TestServer,
  metadata: Readonly<Record<string, unknown>>,
): Promise<string> {
  const response = await test.server.handle(
    new Request(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token_endpoint_auth_method: 'none', ...metadata }),
    }),
  )
  const registered: { client_id?: string; error?: string } = (await response?.json()) ?? {}
  if (registered.client_id === undefined) throw new Error(`not registered: ${registered.error}`)
  return registered.client_id
}
