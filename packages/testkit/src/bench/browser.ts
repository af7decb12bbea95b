import { NotApplicable } from '../check.ts'
import type { TestUser } from '../target/target.ts'
import type { Answer } from './answer.ts'
import { readForms, refreshTarget } from './page-forms.ts'
import type { PageForm } from './page-forms.ts'
import type { Send } from './requester.ts'

/** A form that was sent on the way. */
export interface Submission {
  readonly kind: 'login' | 'decision'
  readonly action: URL
  readonly fields: URLSearchParams
}

/** A way through the pages of a server. */
export interface Journey {
  /** The redirect URI with its parameters; it was not opened. */
  readonly callback: URL
  /** Every page that was shown. */
  readonly pages: readonly Answer[]
  readonly submissions: readonly Submission[]
}

/** Changes a form before it is sent, as an attacker would who controls the page or the browser. */
export type Alter = (submission: Submission) => Submission

/** A browser without a window: cookies, redirects, forms. It runs no scripts. */
export interface Browser {
  /** Signs in and approves. @throws {NotApplicable} when a page cannot be filled in */
  authorize(url: URL, user: TestUser, alter?: Alter, redirectUri?: string): Promise<Journey>
  /** Opens a URL and follows redirects until there is a page. */
  open(url: URL): Promise<Answer>
  /** Says yes to a page that asks. @throws {NotApplicable} when it does not ask */
  confirm(page: Answer): Promise<Answer>
  /** Sends a form, and follows redirects until there is a page or the way leaves the server. */
  submit(submission: Submission): Promise<Answer>
  /** Every Set-Cookie line that came. */
  readonly cookies: readonly string[]
}

/** Answers that mean yes on a page that asks. */
const yes =
  /^\s*(?:approve|allow|accept|authori[sz]e|agree|continue|confirm|consent|grant|yes|ok|sign ?in|log ?in)/i
const no = /deny|cancel|reject|decline|abort|back|no\b/i

/** Starts a browser with no cookies. */
export function createBrowser(send: Send): Browser {
  const cookies = new Map<string, string>()
  const lines: string[] = []

  async function request(url: URL, form?: URLSearchParams): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send(url, {
      ...(form === undefined ? {} : { form }),
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) },
    })
    for (const line of answer.headers.getSetCookie()) {
      lines.push(line)
      const [, name, value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined) continue
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }

  async function follow(first: Promise<Answer>, origin: string): Promise<Answer> {
    let answer = await first
    for (let step = 0; step < 10 && answer.location?.origin === origin; step++)
      answer = await request(answer.location)
    return answer
  }

  const submit: Browser['submit'] = ({ action, fields }) => follow(request(action, fields), action.origin)
  return {
    cookies: lines,
    open: (url) => follow(request(url), url.origin),
    submit,
    // Whoever is asked is signed in already: there is no password to fill in.
    confirm: async (page) => submit(fill(page, { username: '', password: '' }, [])),
    async authorize(
      start,
      user,
      alter = (submission) => submission,
      redirectUri = start.searchParams.get('redirect_uri') ?? '',
    ) {
      const pages: Answer[] = []
      const submissions: Submission[] = []
      let answer = await request(start)
      for (let step = 0; step < 20; step++) {
        const next = answer.location ?? resolve(refreshTarget(answer.text), answer.url)
        if (next !== undefined) {
          // Names under .example belong to nobody: RFC 2606 §2. They are the attacker's in these checks.
          if (leadsTo(next, redirectUri) || next.hostname.endsWith('.example'))
            return { callback: next, pages, submissions }
          answer = await request(next)
          continue
        }
        pages.push(answer)
        const submission = alter(fill(answer, user, submissions))
        // Credentials go to the server that is tested, and to nobody else.
        if (submission.action.origin !== start.origin)
          throw new NotApplicable(`the sign-in leads away to ${submission.action.origin}`)
        submissions.push(submission)
        answer = await request(submission.action, submission.fields)
      }
      throw new NotApplicable('the sign-in goes round in circles')
    },
  }
}

function fill(page: Answer, user: TestUser, before: readonly Submission[]): Submission {
  const forms = readForms(page.text).filter(({ method }) => method === 'post')
  const login = forms.find(({ inputs }) => inputs.some(({ type }) => type === 'password'))
  const form = login ?? forms.find(({ buttons }) => buttons.some(isYes)) ?? forms[0]
  if (form === undefined)
    throw new NotApplicable(`no form to fill in at ${page.url.pathname} (${page.status}): ${page.excerpt}`)
  const action = resolve(form.action === '' ? page.url.href : form.action, page.url) ?? page.url
  const fields = new URLSearchParams(form.fields)
  const button = press(form)
  if (button?.name !== undefined) fields.set(button.name, button.value)
  if (login === undefined) return { kind: 'decision', action, fields }
  if (before.some(({ kind }) => kind === 'login'))
    throw new NotApplicable('the login page came back: is the password of the test user right?')
  const name = form.inputs.find(({ type }) => ['text', 'email', 'tel'].includes(type))
  if (name !== undefined) fields.set(name.name, user.username)
  for (const { name: field, type } of form.inputs) if (type === 'password') fields.set(field, user.password)
  return { kind: 'login', action, fields }
}

function press({ buttons }: PageForm) {
  return (
    buttons.find(isYes) ?? buttons.find(({ label, value }) => !no.test(`${label} ${value}`)) ?? buttons[0]
  )
}

function isYes({ label, value }: { readonly label: string; readonly value: string }): boolean {
  return yes.test(label) || yes.test(value)
}

function resolve(reference: string | undefined, base: URL): URL | undefined {
  return reference !== undefined && URL.canParse(reference, base.href) ? new URL(reference, base) : undefined
}

/** Whether a URL is a redirect URI with more parameters. */
export function leadsTo(url: URL, redirectUri: string): boolean {
  if (!URL.canParse(redirectUri)) return false
  const { protocol, host, pathname } = new URL(redirectUri)
  return url.protocol === protocol && url.host === host && url.pathname === pathname
}
