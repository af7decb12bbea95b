import { tell } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { commonMetadata } from '../bench/clients.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check, Verdict } from '../check.ts'

const web = {
  ...commonMetadata,
  token_endpoint_auth_method: 'none',
  redirect_uris: ['https://client.example/callback'],
}

/** Registers clients with one redirect URI each; what is stored must be none of them. */
async function storesNone(bench: Bench, uris: readonly string[], more: object = {}): Promise<Verdict> {
  const honest = await bench.register(web)
  if (honest.status !== 201) throw new NotApplicable(`an honest registration is refused: ${tell(honest)}`)
  const stored: string[] = []
  for (const uri of uris) {
    const answer = await bench.register({ ...web, ...more, redirect_uris: [uri] })
    const { redirect_uris: kept } = answer.json
    if (answer.status < 300 && Array.isArray(kept) && kept.length > 0) stored.push(uri)
    if (answer.status >= 500) return failed(`${JSON.stringify(uri)}: ${tell(answer)}`)
  }
  return expectThat(stored.length === 0, `registered: ${stored.map((uri) => JSON.stringify(uri)).join(', ')}`)
}

/** Asks for tokens as a client that registered itself, without a user. */
async function machineTokens(bench: Bench, method: string): Promise<Verdict> {
  const bodies = [
    { ...web, token_endpoint_auth_method: method, grant_types: ['authorization_code', 'client_credentials'] },
    {
      client_name: commonMetadata.client_name,
      token_endpoint_auth_method: method,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ]
  for (const body of bodies) {
    const { status, json } = await bench.register(body)
    const { client_id: id, client_secret: secret } = json
    if (status >= 300 || typeof id !== 'string') continue
    const client = {
      client_id: id,
      method: typeof secret === 'string' ? ('client_secret_basic' as const) : ('none' as const),
      redirect_uris: ['https://client.example/callback'] as const,
      ...(typeof secret === 'string' ? { client_secret: secret } : {}),
    }
    const scope = await bench.scope()
    for (const form of [{ scope }, {}]) {
      const answer = await bench.post('token_endpoint', client, { grant_type: 'client_credentials', ...form })
      if (answer.status === 200)
        return failed(`${JSON.stringify(body.grant_types)}, ${method}: ${tell(answer)}`)
    }
  }
  return passed
}

const markup = '<img src=x onerror=alert(1)>'
const named = {
  ...commonMetadata,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1:33420/callback'],
} as const

async function registerNamed(bench: Bench, name: string) {
  return { answer: await bench.register({ ...named, client_name: name }), name }
}

/** Clients that nobody should be able to register. */
export const registrationAttacks: readonly Check[] = [
  {
    id: 'attack.register-dangerous-scheme',
    rows: ['CR-04'],
    title: 'registers no redirect URI that a browser would execute or open as a file',
    section: 'RFC 7591 §5',
    severity: 'must',
    mend: 'Allow https, http on loopback, and private-use schemes that you know. Look at the scheme as a browser reads it: case and leading blanks do not count there.',
    run: (bench) =>
      storesNone(bench, [
        'javascript:alert(1)',
        'JaVaScRiPt:alert(1)',
        ' javascript:alert(1)',
        'data:text/html,x',
        'vbscript:x',
        'file:///etc/passwd',
      ]),
  },
  {
    id: 'attack.register-plain-http',
    rows: ['CR-06', 'RU-88'],
    title: 'registers no http redirect URI but on loopback',
    section: 'RFC 9700 §2.6',
    severity: 'must',
    mend: 'Refuse http where the host is not 127.0.0.1, [::1] or localhost: the code would cross the network in clear.',
    run: (bench) => storesNone(bench, ['http://attacker.example/callback']),
  },
  {
    id: 'attack.register-fragment',
    rows: ['CR-06'],
    title: 'registers no redirect URI that is relative or has a fragment',
    section: 'RFC 6749 §3.1.2',
    severity: 'must',
    mend: 'Require an absolute URI and refuse `#`, also an empty one.',
    run: (bench) =>
      storesNone(bench, [
        'https://client.example/callback#fragment',
        'https://client.example/callback#',
        '/callback',
      ]),
  },
  {
    id: 'attack.register-pattern',
    rows: ['CR-06', 'RU-80'],
    title: 'takes no redirect URI of a registration for a pattern',
    section: 'RFC 9700 §4.1.3',
    severity: 'must',
    mend: 'Leave patterns to the operator, and refuse them in a registration.',
    async run(bench) {
      const patterns = [
        ['https://*.client.example/callback', 'https://x.client.example/callback'],
        ['https://client.example/*', 'https://client.example/elsewhere'],
        ['http://*/callback', 'http://attacker.example/callback'],
      ] as const
      for (const [pattern, uri] of patterns) {
        const { status, json } = await bench.register({ ...web, redirect_uris: [pattern] })
        const { client_id: id } = json
        if (status >= 300 || typeof id !== 'string') continue
        const answer = await bench.ask({ client_id: id, method: 'none', redirect_uris: [uri] })
        if (answer.status < 400) return failed(`registered ${pattern}, taken ${uri}: ${tell(answer)}`)
      }
      return passed
    },
  },
  {
    id: 'attack.register-credentials',
    rows: ['CR-06'],
    title: 'registers no redirect URI that carries credentials',
    section: 'RFC 9110 §4.2.4',
    severity: 'should',
    mend: 'Refuse a user part: what people read before the `@` is not where the code goes.',
    run: (bench) => storesNone(bench, ['https://user@client.example/callback']),
  },
  {
    id: 'attack.register-links',
    rows: ['CR-11'],
    title: 'registers no link that a browser would execute',
    section: 'RFC 7591 §5',
    severity: 'must',
    mend: 'Allow https for client_uri, logo_uri, tos_uri, policy_uri and jwks_uri.',
    async run(bench) {
      const stored: string[] = []
      for (const name of ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri']) {
        const answer = await bench.register({ ...web, [name]: 'javascript:alert(1)' })
        if (answer.status < 300 && answer.json[name] !== undefined) stored.push(name)
      }
      return expectThat(stored.length === 0, `javascript: is registered as ${stored.join(', ')}`)
    },
  },
  {
    id: 'attack.register-machine-grant',
    rows: ['CR-14'],
    title: 'gives no tokens without a user to a public client that registered itself',
    section: 'RFC 6749 §4.4',
    severity: 'must',
    mend: 'Leave `client_credentials` out of what clients may register: anybody could call in nobody’s name.',
    run: (bench) => machineTokens(bench, 'none'),
  },
  {
    id: 'attack.register-machine-client',
    rows: ['CR-14'],
    title: 'gives no tokens without a user to any client that registered itself',
    section: 'RFC 6749 §4.4',
    severity: 'should',
    mend: 'Leave `client_credentials` to clients that an operator registered, or ask for an initial access token.',
    async run(bench) {
      if (bench.target.initialAccessToken !== undefined) throw new NotApplicable('registration is not open')
      return machineTokens(bench, 'client_secret_basic')
    },
  },
  {
    id: 'attack.register-privileges',
    rows: ['CR-16'],
    title: 'lets no client choose its own id, or call itself trusted',
    section: 'RFC 7591 §6',
    severity: 'must',
    mend: 'Take the members that you know from a registration, and make the id yourself.',
    async run(bench) {
      const chosen = 'gatewright-testkit-chosen-by-itself'
      const answer = await bench.register({
        ...web,
        client_id: chosen,
        client_secret: chosen,
        registration_access_token: chosen,
        skip_consent: true,
        trusted: true,
        first_party: true,
      })
      if (answer.status >= 400) return passed
      const kept = ['client_id', 'client_secret', 'registration_access_token'].filter(
        (name) => answer.json[name] === chosen,
      )
      const trust = ['skip_consent', 'trusted', 'first_party'].filter((name) => answer.json[name] === true)
      return expectThat(kept.length + trust.length === 0, `kept: ${[...kept, ...trust].join(', ')}`)
    },
  },
  {
    id: 'attack.client-name',
    title: 'shows the name of a client as text, not as markup',
    section: 'RFC 6749 §10.14',
    severity: 'must',
    mend: 'Escape the name on every page: whoever registers a client writes there otherwise.',
    async run(bench) {
      const { answer, name } = await registerNamed(bench, markup)
      const { client_id: id } = answer.json
      if (answer.status >= 400 || typeof id !== 'string') return passed
      const client = { client_id: id, method: 'none', redirect_uris: named.redirect_uris } as const
      const { url } = await bench.draft(client)
      const pages =
        bench.target.user === undefined ? [await bench.browser().open(url)] : (await bench.journey(url)).pages
      const raw = pages.find(({ text }) => text.includes(name))
      return expectThat(raw === undefined, raw === undefined ? '' : `${raw.url.pathname} shows it as markup`)
    },
  },
  {
    id: 'attack.client-name-characters',
    title: 'keeps no characters in the name of a client that hide it or turn it around',
    section: 'RFC 7591 §5',
    severity: 'should',
    mend: 'Refuse or remove control and direction characters when a client registers, and let no name pass unseen to pages that others write.',
    async run(bench) {
      const { answer } = await registerNamed(bench, `${markup}\u202E\u200B\u0007`)
      const { client_name: kept } = answer.json
      const hides = typeof kept === 'string' && /[\p{Cc}\p{Cf}]/u.test(kept)
      return expectThat(answer.status >= 400 || !hides, `registered unchanged as ${JSON.stringify(kept)}`)
    },
  },
]
