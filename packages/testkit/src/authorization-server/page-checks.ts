import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check } from '../check.ts'
import { expectHonest } from './is-refused.ts'

/** The first page that a user sees. */
async function firstPage(bench: Bench): Promise<Answer> {
  const client = await bench.client('public')
  await expectHonest(bench, client)
  const { url } = await bench.draft(client)
  const page = await bench.browser().open(url)
  if (page.status !== 200 || page.headers.get('content-type')?.includes('html') !== true)
    throw new NotApplicable(`no page is shown: ${tell(page)}`)
  return page
}

/** The pages on which users sign in and decide. */
export const pageChecks: readonly Check[] = [
  {
    id: 'authorization-server.framing',
    rows: ['CO-01'],
    title: 'does not let its pages be put into a frame',
    section: 'RFC 9700 §4.16',
    severity: 'must',
    mend: "Send `Content-Security-Policy: frame-ancestors 'none'`, and `X-Frame-Options: DENY` for old browsers; a page below another one gets clicks that were meant for that.",
    async run(bench) {
      const { headers, url } = await firstPage(bench)
      const policy = headers.get('content-security-policy') ?? ''
      const old = headers.get('x-frame-options') ?? ''
      const closed = /frame-ancestors\s+'(?:none|self)'/.test(policy) || /^(?:deny|sameorigin)$/i.test(old)
      return expectThat(closed, `${url.pathname} has neither frame-ancestors nor X-Frame-Options`)
    },
  },
  {
    id: 'authorization-server.referrer',
    rows: ['CO-01'],
    title: 'does not let its pages pass their address on',
    section: 'RFC 9700 §4.2.4',
    severity: 'should',
    mend: 'Send `Referrer-Policy: no-referrer`: the address carries the state of the request.',
    async run(bench) {
      const { headers, url } = await firstPage(bench)
      const policy = headers.get('referrer-policy') ?? ''
      const closed = /\b(?:no-referrer|same-origin|strict-origin|origin)\b/.test(policy)
      return expectThat(closed, `${url.pathname} has Referrer-Policy: ${policy === '' ? '(none)' : policy}`)
    },
  },
  {
    id: 'authorization-server.cookies',
    rows: ['CO-07'],
    title: 'keeps its cookies from scripts and from other sites',
    section: 'RFC 6265 §4.1.2.6',
    severity: 'should',
    mend: 'Set HttpOnly and SameSite=Lax or Strict on every cookie, and Secure where there is TLS.',
    async run(bench) {
      const client = await bench.client('public')
      const { url } = await bench.draft(client)
      const browser = bench.browser()
      await (bench.target.user === undefined ? browser.open(url) : bench.journey(url, browser))
      if (browser.cookies.length === 0) throw new NotApplicable('it sets no cookies')
      const secure = url.protocol === 'https:'
      const bare = browser.cookies.filter(
        (line) =>
          !/;\s*httponly/i.test(line) ||
          !/;\s*samesite=(?:lax|strict)/i.test(line) ||
          (secure && !/;\s*secure/i.test(line)),
      )
      return expectThat(
        bare.length === 0,
        `bare: ${bare.map((line) => line.replace(/=[^;]*/, '=…')).join(' | ')}`,
      )
    },
  },
]
