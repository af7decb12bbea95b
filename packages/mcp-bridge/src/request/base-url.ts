import { isLoopbackHostname } from '@gatewright/core'
import { ArgumentError } from './argument-error.ts'

/** Where an API is: every request of a bridge goes below it. */
export interface BaseUrl {
  /**
   * The URL of a path below it.
   *
   * @throws {ArgumentError} when the URL would be another one after it is parsed
   */
  below(path: string, query: string): URL
}

/** @throws {TypeError} when it is no URL, or is not https and private servers are not allowed */
export function parseBaseUrl(text: string, allowPrivate: boolean): BaseUrl {
  if (!URL.canParse(text)) throw new TypeError(`baseUrl must be an absolute URL, got "${text}"`)
  const url = new URL(text)
  const { origin, protocol, hostname } = url
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('baseUrl must be an https URL')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new TypeError('baseUrl must have no credentials, no query and no fragment')
  if (!allowPrivate && (protocol === 'http:' || isLoopbackHostname(hostname)))
    throw new TypeError(
      `baseUrl is ${origin}: servers without https or on a private network need allowPrivate: true`,
    )
  const prefix = url.pathname.replace(/\/+$/, '')
  return {
    below(path, query) {
      const written = `${prefix}${path}`
      const result = new URL(`${origin}${written}${query === '' ? '' : `?${query}`}`)
      // A parser that has changed anything has found a step, a separator or a host where none was meant.
      const kept = result.origin === origin && result.pathname === written && written.startsWith(`${prefix}/`)
      if (!kept || result.hash !== '')
        throw new ArgumentError('the arguments would leave the path of this operation')
      return result
    },
  }
}
