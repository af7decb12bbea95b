import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { leadsTo } from '../bench/browser.ts'
import type { Browser, Submission } from '../bench/browser.ts'
import { readTokens } from '../bench/tokens.ts'
import { expectThat, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'

/** Ends a journey before a form is sent. */
class Stop extends Error {
  readonly submission: Submission
  constructor(submission: Submission) {
    super('stopped before a decision')
    this.submission = submission
  }
}

/** Signs in up to the page that asks; resolves to what would be sent. */
async function untilDecision(
  bench: Bench,
): Promise<{ browser: Browser; submission: Submission; redirectUri: string }> {
  const { url, redirectUri } = await bench.draft(await bench.client('public'))
  const browser = bench.browser()
  try {
    await bench.journey(url, browser, (submission) => {
      if (submission.kind === 'decision') throw new Stop(submission)
      return submission
    })
  } catch (error) {
    if (error instanceof Stop) return { browser, submission: error.submission, redirectUri }
    throw error
  }
  throw new NotApplicable('no page asks the user')
}

function hasCode({ location }: Answer, redirectUri: string): boolean {
  return location !== undefined && leadsTo(location, redirectUri) && location.searchParams.has('code')
}

/** Ways around the decision of a user. */
export const consentChecks: readonly Check[] = [
  {
    id: 'attack.consent-from-elsewhere',
    rows: ['CO-04'],
    title: 'takes a decision only from the browser that was asked',
    section: 'RFC 6749 §10.12',
    severity: 'must',
    mend: 'Bind the page to the browser by a cookie, and compare it when the decision comes: an attacker would approve in the name of somebody else, or have somebody else approve.',
    async run(bench) {
      const { browser, submission, redirectUri } = await untilDecision(bench)
      const foreign = await bench.browser().submit(submission)
      if (hasCode(foreign, redirectUri))
        return { status: 'failed', evidence: `without cookies: ${tell(foreign)}` }
      // Without this, a server whose page does not work would pass.
      const own = await browser.submit(submission)
      if (!hasCode(own, redirectUri))
        throw new NotApplicable(`the decision does not work either way: ${tell(own)}`)
      return passed
    },
  },
  {
    id: 'attack.silent-approval',
    rows: ['CO-12'],
    title: 'asks again when a client comes back that anybody could be',
    section: 'RFC 8252 §8.6',
    severity: 'should',
    mend: 'Remember approvals only of clients whose identity is assured: any program on the machine can open a loopback port and use the id of a native client.',
    async run(bench) {
      const client = await bench.client('public')
      const browser = bench.browser()
      await bench.journey((await bench.draft(client)).url, browser)
      const second = await bench.journey((await bench.draft(client, { prompt: undefined })).url, browser)
      return expectThat(second.pages.length > 0, `a code came back at once: ${second.callback.href}`)
    },
  },
  {
    id: 'attack.tampered-decision',
    rows: ['AZ-39'],
    title: 'takes what was requested from its own records, not from the form',
    section: 'RFC 6749 §10.14',
    severity: 'must',
    mend: 'Keep the request on the server and let the page decide yes or no; whatever else a form brings along has no say.',
    async run(bench) {
      await bench.accessToken()
      const client = await bench.client('public')
      const { url, ...draft } = await bench.draft(client)
      const asked = (url.searchParams.get('scope') ?? '').split(' ')
      const listed = await bench.listed('scopes_supported')
      const more = [bench.target.tool?.scope ?? '', ...listed].find(
        (name) => name !== '' && !asked.includes(name),
      )
      const journey = await bench
        .journey(url, undefined, ({ kind, action, fields }) => {
          if (kind !== 'decision') return { kind, action, fields }
          const altered = new URLSearchParams(fields)
          if (more !== undefined) altered.append('scope', more)
          altered.set('redirect_uri', 'https://attacker.example/callback')
          altered.set('response_type', 'token')
          return { kind, action, fields: altered }
        })
        .catch((error: unknown) => {
          if (error instanceof NotApplicable) return undefined
          throw error
        })
      // A page that refuses such a form is right.
      if (journey === undefined) return passed
      const { callback } = journey
      if (!leadsTo(callback, draft.redirectUri) || callback.hash.includes('access_token'))
        return { status: 'failed', evidence: `the form decided where to: ${callback.href}` }
      const code = callback.searchParams.get('code')
      if (code === null) return passed
      const answer = await bench.redeem({ ...draft, url, client, code, callback })
      const granted = (readTokens(client, answer)?.scope ?? '').split(' ')
      return expectThat(more === undefined || !granted.includes(more), `the form added ${more ?? ''}`)
    },
  },
]
