import { tell } from '../bench/answer.ts'
import { arrivalOf } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import type { ClientKind } from '../bench/clients.ts'
import { leadsTo } from '../bench/browser.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check, Verdict } from '../check.ts'
import { expectHonest } from '../authorization-server/is-refused.ts'

/** Presents other spellings of a registered redirect URI; each of them must be refused locally. */
async function refusesAll(
  bench: Bench,
  kind: ClientKind,
  spellings: (registered: URL) => readonly string[],
): Promise<Verdict> {
  const client = await bench.client(kind)
  await expectHonest(bench, client)
  const taken: string[] = []
  for (const uri of spellings(new URL(client.redirect_uris[0]))) {
    const answer = await bench.ask(client, { redirect_uri: uri })
    if (answer.status < 400) taken.push(uri)
  }
  return expectThat(
    taken.length === 0,
    `registered ${client.redirect_uris[0]}, taken: ${taken.map((uri) => JSON.stringify(uri)).join(', ')}`,
  )
}

/** Ways to have a code sent elsewhere. */
export const redirectChecks: readonly Check[] = [
  {
    id: 'attack.redirect-variants',
    rows: [
      'RU-02',
      'RU-04',
      'RU-05',
      'RU-07',
      'RU-09',
      'RU-15',
      'RU-17',
      'RU-20',
      'RU-21',
      'RU-23',
      'RU-24',
      'RU-27',
    ],
    title: 'takes no redirect URI that is nearly the registered one',
    section: 'RFC 9700 §4.1.3',
    severity: 'must',
    mend: 'Compare the strings as they are, before anything parses or normalizes them.',
    run: (bench) =>
      refusesAll(bench, 'web', ({ host, pathname, href }) => [
        `${href}/`,
        `${href}/evil`,
        `${href}?next=evil`,
        `${href}#`,
        `${href} `,
        `https://${host}${pathname.toUpperCase()}`,
        `https://${host}:443${pathname}`,
        `http://${host}${pathname}`,
        `https://x.${host}${pathname}`,
        `https://${host}.attacker.example${pathname}`,
        `https://user@${host}${pathname}`,
        `https://${host}@attacker.example${pathname}`,
        `https://${host}/..${pathname}`,
        `${href}/..;/evil`,
        `${href}%2f..%2fevil`,
        `https://${host}\\${pathname.slice(1)}`,
        `https:/${host}${pathname}`,
        `//${host}${pathname}`,
      ]),
  },
  {
    id: 'attack.loopback-spellings',
    rows: ['RU-49', 'RU-50', 'RU-55', 'RU-59', 'RU-62', 'RU-64', 'RU-65', 'RU-66', 'RU-67', 'RU-70'],
    title: 'ignores of a loopback redirect URI the port, and nothing else',
    section: 'RFC 8252 §7.3',
    severity: 'should',
    mend: 'Compare host and path as strings; only digits of a port from 1 to 65535 may differ. Other spellings of the address are parsed by some and not by others.',
    run: (bench) =>
      refusesAll(bench, 'public', ({ protocol, hostname, pathname }) => {
        if (protocol !== 'http:') throw new NotApplicable('the client has no loopback redirect URI')
        const other = hostname === 'localhost' ? '127.0.0.1' : 'localhost'
        return [
          `http://${hostname}:0${pathname}`,
          `http://${hostname}:08080${pathname}`,
          `http://${other}:51004${pathname}`,
          `http://0x7f000001:51004${pathname}`,
          `http://2130706433:51004${pathname}`,
          `http://0177.0.0.1:51004${pathname}`,
          `http://127.0.0.2:51004${pathname}`,
          `HTTP://${hostname}:51004${pathname}`,
          `http://${hostname}.attacker.example:51004${pathname}`,
          `http://${hostname}:80@attacker.example${pathname}`,
          `http://${hostname}:51004/other`,
        ]
      }),
  },
  {
    id: 'attack.open-redirector',
    rows: ['AZ-36'],
    title: 'sends nobody to the site of a client before they have signed in',
    section: 'RFC 9700 §4.11.2',
    severity: 'must',
    mend: 'Sign the user in before an error is sent to a client that registered itself, or show the error on a page of your own: a link to your server would lead wherever the attacker likes.',
    async run(bench) {
      const { registration_endpoint: open } = await bench.metadata()
      if (open === undefined) throw new NotApplicable('clients cannot register themselves')
      const client = await bench.client('web')
      await expectHonest(bench, client)
      for (const changes of [
        { response_type: 'gatewright-testkit' },
        { scope: 'gatewright-testkit-no-such-scope' },
      ]) {
        const answer = await bench.ask(client, changes)
        if (answer.location !== undefined && leadsTo(answer.location, answer.draft.redirectUri))
          return failed(`${JSON.stringify(changes)}: ${tell(answer)}`)
      }
      return passed
    },
  },
  {
    id: 'attack.error-markup',
    rows: ['CO-09'],
    title: 'shows parameters on its error page as text',
    section: 'RFC 6749 §10.14',
    severity: 'must',
    mend: 'Escape whatever a request brought along, or do not show it.',
    async run(bench) {
      const markup = '"><svg/onload=alert(1)>'
      const stranger = {
        client_id: markup,
        method: 'none',
        redirect_uris: [`https://attacker.example/${markup}`],
      } as const
      const known = await bench.client('public').catch(() => stranger)
      const answers = [
        await bench.ask(stranger, { state: markup }),
        await bench.ask(known, {
          redirect_uri: `https://attacker.example/${markup}`,
          state: markup,
          scope: markup,
        }),
      ]
      const raw = answers.find(
        ({ text, headers }) =>
          headers.get('content-type')?.includes('html') === true && text.includes('<svg/onload'),
      )
      return expectThat(raw === undefined, raw === undefined ? '' : tell(raw))
    },
  },
  {
    id: 'attack.prototype-names',
    rows: ['CA-29'],
    title: 'finds no client under the names that every object has',
    section: 'RFC 6749 §10.14',
    severity: 'must',
    mend: 'Look clients up in a Map or a database, not in the members of an object.',
    async run(bench) {
      for (const id of ['__proto__', 'constructor', 'toString', '\u0000', 'x'.repeat(10_000)]) {
        const stranger = {
          client_id: id,
          method: 'none',
          redirect_uris: ['https://attacker.example/'],
        } as const
        const shown = `client_id ${JSON.stringify(id.slice(0, 20))}`
        const asked = await bench.ask(stranger)
        if (asked.status >= 500 || !arrivalOf(asked, 'https://attacker.example/').startsWith('refused here'))
          return failed(`${shown}: ${tell(asked)}`)
        const posted = await bench.post('token_endpoint', stranger, {
          grant_type: 'refresh_token',
          refresh_token: 'x',
        })
        if (posted.status >= 500 || posted.status < 400) return failed(`${shown}: ${tell(posted)}`)
      }
      return passed
    },
  },
  {
    id: 'attack.foreign-pages',
    rows: ['HT-09'],
    title: 'lets no page of another origin send a user’s cookies along',
    section: 'Fetch Standard §3.3.5',
    severity: 'must',
    mend: 'Never send `Access-Control-Allow-Credentials: true` to an origin that you do not know.',
    async run(bench) {
      const origin = 'https://attacker.example'
      const names = [
        'token_endpoint',
        'registration_endpoint',
        'authorization_endpoint',
        'userinfo_endpoint',
      ] as const
      const metadata = await bench.metadata()
      for (const name of names) {
        const url = metadata[name]
        if (typeof url !== 'string') continue
        const headers = { origin, 'access-control-request-method': 'POST' }
        const answer = await bench.send(url, { method: 'OPTIONS', headers })
        const allowed = answer.headers.get('access-control-allow-credentials') === 'true'
        if (allowed && answer.headers.get('access-control-allow-origin') === origin)
          return failed(`${name} allows credentials to ${origin}`)
      }
      return passed
    },
  },
]
