import { tell } from '../bench/answer.ts'
import { arrivalOf } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import type { TestClient } from '../bench/clients.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check, Verdict } from '../check.ts'
import { registrations } from './real-clients.ts'
import type { RealClient } from './real-clients.ts'

/** Registers as a real client does, and asks for an authorization with a redirect URI that it uses. */
async function connects(
  bench: Bench,
  name: RealClient,
  redirectUri: string,
  more: object = {},
): Promise<Verdict> {
  const answer = await bench.register({ ...registrations[name], ...more })
  const { client_id: id } = answer.json
  if (answer.status !== 201 || typeof id !== 'string')
    return { status: 'failed', evidence: `its registration is refused: ${tell(answer)}` }
  const client: TestClient = { client_id: id, method: 'none', redirect_uris: [redirectUri] }
  const asked = await bench.ask(client)
  return expectThat(!arrivalOf(asked, redirectUri).startsWith('refused'), `${redirectUri}: ${tell(asked)}`)
}

const said = 'RFC 7591 §3.2.1'
const leaveOut =
  'Leave out of a registration what you do not offer and answer what was registered; the client reads that. A refusal ends the connection.'

/** How real clients register. */
export const registrationQuirks: readonly Check[] = [
  {
    id: 'quirk.claude-code-registration',
    title: 'lets Claude Code in, which registers loopback addresses without a port and uses one',
    section: 'RFC 8252 §7.3',
    severity: 'should',
    mend: 'Take any port of a loopback redirect URI, of `localhost` too.',
    run: (bench) => connects(bench, 'Claude Code', 'http://localhost:49731/callback'),
  },
  {
    id: 'quirk.claude-registration',
    title: 'lets Claude in, which asks for client_secret_post and for a grant type that few offer',
    section: said,
    severity: 'should',
    mend: leaveOut,
    run: (bench) => connects(bench, 'Claude', registrations.Claude.redirect_uris[0]),
  },
  {
    id: 'quirk.chatgpt-registration',
    title: 'lets ChatGPT in, which lists the ways in which it could prove who it is',
    section: 'RFC 7591 §2',
    severity: 'should',
    mend: 'Ignore members of a registration that you do not know.',
    run: (bench) => connects(bench, 'ChatGPT', registrations.ChatGPT.redirect_uris[0]),
  },
  {
    id: 'quirk.cursor-registration',
    rows: ['CR-07'],
    title: 'lets Cursor in, which registers a scheme of its own beside https and loopback',
    section: said,
    severity: 'should',
    mend: 'Store a private-use scheme without using it, and let the other redirect URIs work.',
    run: (bench) => connects(bench, 'Cursor', 'http://localhost:8787/callback'),
  },
  {
    id: 'quirk.vscode-registration',
    title: 'lets VS Code in, which registers the web and loopback, and grant types that are not offered',
    section: said,
    severity: 'should',
    mend: leaveOut,
    run: (bench) => connects(bench, 'VS Code', 'http://127.0.0.1:50123/'),
  },
  {
    id: 'quirk.native-by-inference',
    title: 'takes a client for native whose redirect URIs are all loopback, though it does not say so',
    section: 'RFC 8252 §8.4',
    severity: 'should',
    mend: 'Infer `application_type` from the redirect URIs: mcporter, Codex, Gemini CLI and Zed leave it out.',
    run: (bench) => connects(bench, 'mcporter', 'http://127.0.0.1:40999/callback'),
  },
  {
    id: 'quirk.scope-beyond-registration',
    title: 'lets a client ask for more scopes than it registered with',
    section: 'MCP 2025-11-25 Authorization, Step-Up Authorization Flow',
    severity: 'should',
    mend: 'Do not take the `scope` of a registration for a limit: clients register with what the first challenge names, and step up later.',
    async run(bench) {
      const more = bench.target.tool?.scope
      if (more === undefined) throw new NotApplicable('no tool was named that needs a further scope')
      const scope = await bench.scope()
      const answer = await bench.register({ ...registrations['mcp-remote'], scope })
      const { client_id: id } = answer.json
      if (typeof id !== 'string') throw new NotApplicable(`mcp-remote is not registered: ${tell(answer)}`)
      const [redirectUri] = registrations['mcp-remote'].redirect_uris
      const client: TestClient = { client_id: id, method: 'none', redirect_uris: [redirectUri] }
      const asked = await bench.ask(client, { scope: `${scope ?? ''} ${more}`.trim() })
      return expectThat(!arrivalOf(asked, redirectUri).startsWith('refused'), tell(asked))
    },
  },
  {
    id: 'quirk.scope-echo',
    title: 'repeats the scope of a registration, without which oidc-agent gives up',
    section: said,
    severity: 'should',
    mend: 'Answer with every member that was registered, `scope` among them.',
    async run(bench) {
      const scope = await bench.scope()
      if (scope === undefined) throw new NotApplicable('no scope is known')
      const answer = await bench.register({ ...registrations['mcp-remote'], scope })
      if (answer.status !== 201) throw new NotApplicable(`mcp-remote is not registered: ${tell(answer)}`)
      return expectThat(
        typeof answer.json['scope'] === 'string',
        `members: ${Object.keys(answer.json).join(', ')}`,
      )
    },
  },
]
