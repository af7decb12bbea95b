import { NotApplicable } from '../check.ts'
import { network, sendsAnyHost } from '#network'
import type { Target } from '../target/target.ts'
import { beginning, readAnswer } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Secrets } from './secrets.ts'

/** A request to send: that of `fetch`, and its body as a form or as JSON. */
export interface Outgoing {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly form?: URLSearchParams | Readonly<Record<string, string | undefined>>
  readonly json?: unknown
}

/** Sends a request; redirects are not followed. */
export type Send = (url: string | URL, outgoing?: Outgoing) => Promise<Answer>

/** More requests than any run needs: a loop of our own must not become an attack. */
const mostRequests = 2000
const seconds = 15

/**
 * Makes the one way by which checks reach the target.
 *
 * A server that limits the rate is left alone at once: everything that follows there is not applicable.
 */
export function createRequester(
  { fetch = network, mayContact = () => true }: Target,
  secrets: Secrets,
): { readonly send: Send; readonly count: () => number } {
  let count = 0
  const limited = new Set<string>()
  return {
    count: () => count,
    async send(to, outgoing = {}) {
      const url = new URL(to)
      const place = url.origin + url.pathname
      if (!mayContact(url)) throw new NotApplicable(`it leads to ${url.origin}, which was not named`)
      if (limited.has(place))
        throw new NotApplicable(`${url.pathname} limits the rate; raise its limit for the test`)
      if (++count > mostRequests) throw new NotApplicable(`a run sends at most ${mostRequests} requests`)
      if (outgoing.headers?.['host'] !== undefined && fetch === network && !sendsAnyHost)
        throw new NotApplicable('this runtime cannot send another Host header')
      const request = toRequest(url, outgoing)
      const read = await readAnswer(request, await fetch(request))
      secrets.learn(read)
      // A secret that is cut in two would not be recognized later.
      const answer = { ...read, excerpt: beginning(secrets.redact(read.text)) }
      if (answer.status === 429) {
        limited.add(place)
        throw new NotApplicable(`${url.pathname} limits the rate (429); raise its limit for the test`)
      }
      return answer
    },
  }
}

function toRequest(url: URL, { method, headers, body, form, json }: Outgoing): Request {
  const content = body ?? (form === undefined ? undefined : toForm(form).toString()) ?? toJson(json)
  const type =
    form !== undefined
      ? 'application/x-www-form-urlencoded'
      : json !== undefined
        ? 'application/json'
        : undefined
  return new Request(url, {
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    signal: AbortSignal.timeout(seconds * 1000),
    headers: { accept: '*/*', ...(type === undefined ? {} : { 'content-type': type }), ...headers },
    ...(content === undefined ? {} : { body: content }),
  })
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

function toForm(form: NonNullable<Outgoing['form']>): URLSearchParams {
  if (form instanceof URLSearchParams) return form
  const sent = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(sent)
}
