import { issuer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

/** Posts a body to the registration endpoint, as JSON unless it is text already. */
export async function register(
  test: Pick<TestServer, 'server'>,
  body: unknown,
  token?: string,
  ip = '192.0.2.1',
) {
  const response = await test.server.handle(
    new Request(`${issuer}/register`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
    { ip },
  )
  if (response === undefined) throw new Error('/register is not answered')
  return { status: response.status, headers: response.headers, json: (await response.json()) as Registration }
}

/** What the endpoint may answer. */
export interface Registration {
  readonly client_id: string
  readonly client_secret?: string
  readonly error?: string
  readonly [member: string]: unknown
}

export const nativeClient = {
  redirect_uris: ['http://127.0.0.1/callback'],
  token_endpoint_auth_method: 'none',
}
