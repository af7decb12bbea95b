import { authorizationCode, ciba, refreshToken, registered } from '@gatewright/authorization-server'
import type {
  AuthorizationServerOptions,
  BackchannelRequest,
  CibaOptions,
  ClientOptions,
} from '@gatewright/authorization-server'
import { createBrowser } from './browser.ts'
import { logIn, post } from './flow.ts'
import type { Sender } from './flow.ts'
import { mcp, otherResource, testClock, testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

export const cibaGrant = 'urn:openid:params:grant-type:ciba'
export const pingUrl = 'https://desk.example.com/ping'

const client: ClientOptions = {
  client_id: 'desk',
  client_name: 'Service desk',
  client_secret: 'desk-secret',
  grant_types: [cibaGrant, 'refresh_token'],
  consent: 'never',
}

/** A server whose clients ask for users in the background, what its users are sent, and what its clients are. */
export function cibaServer(
  options: Partial<CibaOptions> = {},
  overrides: Partial<AuthorizationServerOptions> = {},
  answer: () => Promise<Response> = async () => new Response(null, { status: 204 }),
) {
  const asked: BackchannelRequest[] = []
  const pings: Request[] = []
  const clock = testClock()
  const test = testServer({
    resources: [{ resource: mcp }, { resource: otherResource }],
    clients: [
      registered(
        client,
        { ...client, client_id: 'shop', client_name: 'Shop' },
        {
          ...client,
          client_id: 'pinged',
          backchannel_token_delivery_mode: 'ping',
          backchannel_client_notification_endpoint: pingUrl,
        },
        { client_id: 'web', client_secret: 'desk-secret', redirect_uris: ['https://app.example.com/cb'] },
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
      ),
    ],
    grants: [
      authorizationCode(),
      refreshToken(),
      ciba({
        resolveLoginHint: async (hint) => hint.replace(/@.*/, ''),
        notifyUser: async (request) => void asked.push(request),
        ...options,
      }),
    ],
    runtime: {
      now: clock.now,
      randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
      async fetch(input, init) {
        pings.push(new Request(input, init))
        return answer()
      },
    },
    ...overrides,
  })
  return { test: { ...test, clock }, asked, pings }
}

type Changes = Readonly<Record<string, string | undefined>>

/** Asks for alice as the service desk, with some parameters changed. */
export async function startBackchannel(test: TestServer, changes: Changes = {}, sender: Sender = {}) {
  const parameters = {
    scope: 'openid read:application',
    resource: mcp,
    login_hint: 'alice@example.com',
    binding_message: 'Ticket 4711',
    ...changes,
  }
  const answer = await post(test, '/bc-authorize', parameters, { basic: 'desk:desk-secret', ...sender })
  return { ...answer, id: answer.json['auth_req_id'] ?? '' }
}

/** Asks for the tokens. */
export function fetchTokens(test: TestServer, id: string, changes: Changes = {}, sender: Sender = {}) {
  return post(
    test,
    '/token',
    { grant_type: cibaGrant, auth_req_id: id, ...changes },
    { basic: 'desk:desk-secret', ...sender },
  )
}

/** Opens the link that a user was sent, as whoever signs in. */
export async function openLink(
  test: TestServer,
  url: string,
  username = 'alice',
  browser = createBrowser(test.server),
) {
  let landing = await browser.send(url)
  if (landing.body.includes('id="login"')) landing = await logIn(browser, landing.body, username)
  return { browser, ...landing }
}
