import { oidcProvider } from './oidc-provider.ts'
import type { Peer } from './peer.ts'
import { sdkV1 } from './sdk-v1.ts'
import { sdkV2 } from './sdk-v2.ts'

/** A peer, and exactly what the suites find there. */
export interface MeasuredPeer {
  readonly name: string
  readonly package: string
  readonly version: string
  /** How it is set up, for readers of the findings. */
  readonly setup: string
  readonly start: () => Promise<Peer>
  /** Which checks are run: those whose ids begin so. */
  readonly suites: readonly string[]
  readonly findings: readonly string[]
}

const ofResources = [
  'resource-server.',
  'quirk.get-first',
  'quirk.discover-first',
  'quirk.root-resource',
  'quirk.web-clients',
]

/** The peers in the versions that are installed. When one of them mends something, its list becomes shorter. */
export const peers: readonly MeasuredPeer[] = [
  {
    name: 'MCP TypeScript SDK, first line: authorization router and bearer gate',
    package: '@modelcontextprotocol/sdk',
    version: '1.32.2',
    setup:
      '`mcpAuthRouter` with its rate limits off, over a provider that keeps codes and tokens with care, and `requireBearerAuth` with `expectedResource`; a tool checks its scope itself, since the SDK has no gate for tools. Checks of Host and Origin can be mounted and are not by default.',
    start: () => sdkV1(),
    suites: [''],
    findings: [
      'resource-server.challenge-without-error',
      'resource-server.challenge-scope',
      'resource-server.insufficient-scope',
      'resource-server.list-by-scope',
      'resource-server.origin',
      'resource-server.host',
      'resource-server.malformed',
      'authorization-server.registration-errors',
      'authorization-server.pkce-malformed',
      'authorization-server.state-in-errors',
      'authorization-server.issuer-in-errors',
      'authorization-server.basic-refused',
      'attack.loopback-spellings',
      'attack.open-redirector',
      'attack.register-dangerous-scheme',
      'attack.register-plain-http',
      'attack.register-fragment',
      'attack.register-credentials',
      'attack.register-links',
      'attack.client-name-characters',
      'quirk.openid-configuration',
      'quirk.root-resource-metadata',
      'quirk.announced-issuer',
      'quirk.stale-client',
    ],
  },
  {
    name: 'The same router, with an issuer that has a path',
    package: '@modelcontextprotocol/sdk',
    version: '1.32.2',
    setup: 'As above, with `issuerUrl` under `/tenant`, and only the place of its metadata looked at.',
    start: () => sdkV1('/tenant'),
    suites: ['authorization-server.metadata'],
    findings: ['authorization-server.metadata'],
  },
  {
    name: 'MCP TypeScript SDK, second line: server behind its bearer gate',
    package: '@modelcontextprotocol/server',
    version: '2.4.0',
    setup:
      '`createMcpHandler` behind `requireBearerAuth`, a tool with `scopeChallenge: requireScopes(…)`, tokens of our own authorization server, which it introspects. It issues no tokens, so only the resource is tested. Checks of Host and Origin can be called and are not by default.',
    start: () => sdkV2(true),
    suites: ofResources,
    findings: [
      'resource-server.challenge-without-error',
      'resource-server.challenge-scope',
      'resource-server.step-up',
      'resource-server.list-by-scope',
      'resource-server.origin',
      'resource-server.host',
      'quirk.root-resource-metadata',
    ],
  },
  {
    name: 'The same server, with the scopes of its tools alone',
    package: '@modelcontextprotocol/server',
    version: '2.4.0',
    setup:
      'As above, but without `requireBearerAuth`: a tool that names scopes is called by whoever brings no token. The SDK leaves that to the gate in front.',
    start: () => sdkV2(false),
    suites: [
      'resource-server.challenge',
      'resource-server.fails-closed',
      'resource-server.insufficient-scope',
    ],
    findings: [
      'resource-server.challenge',
      'resource-server.fails-closed',
      'resource-server.insufficient-scope',
    ],
  },
  {
    name: 'oidc-provider',
    package: 'oidc-provider',
    version: '9.13.3',
    setup:
      'Its defaults, with registration (and its management), revocation, introspection and client credentials switched on, and the development pages that it comes with, which it says are not for production. It is certified by the OpenID Foundation; what it leaves to configuration shows here as it comes.',
    start: () => oidcProvider(),
    suites: ['authorization-server.', 'attack.', 'quirk.'],
    findings: [
      'authorization-server.metadata-host',
      'authorization-server.pkce-malformed',
      'authorization-server.framing',
      'authorization-server.referrer',
      'authorization-server.par-method',
      'attack.loopback-spellings',
      'attack.open-redirector',
      'attack.register-plain-http',
      'attack.register-credentials',
      'attack.register-machine-grant',
      'attack.register-machine-client',
      'attack.client-name-characters',
      'quirk.web-clients',
      'quirk.claude-registration',
      'quirk.cursor-registration',
      'quirk.vscode-registration',
      'quirk.native-by-inference',
      'quirk.parallel-refresh',
      'quirk.lost-refresh',
      'quirk.json-revocation',
    ],
  },
]
