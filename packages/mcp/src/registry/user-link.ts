import type { Caller } from './caller.ts'
import { createSeal, type SealOptions } from './sealed-value.ts'

/** Links that a tool sends its user to, for input that must not pass through the client. */
export interface UserLinks {
  /** Makes a link for the user of a caller. The payload can be read by whoever sees the link: put no secret into it. */
  create(payload: unknown, caller: Caller): Promise<string>
  /**
   * What a link was made for, or `undefined` when it is not ours, too old, or was made for another user.
   *
   * @param subject who is logged in at the browser that opened the link: take it from your own session, never from the link
   */
  open(url: string | URL, subject: string): Promise<OpenedLink | undefined>
}

/** What a link was made for. */
export interface OpenedLink {
  readonly payload: unknown
  /** The client whose call led to the link. */
  readonly clientId: string
}

/** Options of `createUserLinks`. */
export interface UserLinksOptions extends SealOptions {
  /** The page of yours that the links point to. */
  readonly url: string
}

/**
 * Makes the links of URL-mode elicitation, each for one user: who is lured into opening somebody else's link is refused.
 *
 * @param options `lifetime` defaults to 600 seconds
 * @throws {TypeError} when the URL is malformed, the key is too short or the lifetime is not a positive whole number
 * @example
 * <!-- prelude
 * declare const caller: Caller
 * declare const session: { subject: string }
 * declare const request: Request
 * -->
 * ```ts
 * const links = createUserLinks({ url: 'https://app.example.com/connect', key: process.env.STATE_KEY ?? '' })
 *
 * const url = await links.create({ connect: 'calendar' }, caller)
 * const opened = await links.open(request.url, session.subject)
 * ```
 * @see [MCP 2025-11-25 Elicitation - Phishing](https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#phishing)
 */
export function createUserLinks({ url, ...options }: UserLinksOptions): UserLinks {
  if (!URL.canParse(url)) throw new TypeError(`createUserLinks: "${url}" is no URL`)
  const seal = createSeal(options)
  const useOf = (subject: string) => ['link', url, subject]
  return {
    async create(payload, { subject, clientId }) {
      const link = new URL(url)
      link.searchParams.set('state', await seal.seal([clientId, payload ?? null], useOf(subject)))
      return link.href
    },
    async open(opened, subject) {
      const text = URL.canParse(opened) ? new URL(opened).searchParams.get('state') : undefined
      const value = await seal.open(text, useOf(subject))
      if (!Array.isArray(value)) return undefined
      const [clientId, payload] = value as [string, unknown]
      return { clientId, payload }
    },
  }
}
