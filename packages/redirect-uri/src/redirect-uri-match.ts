import type { ValidatedRedirectUri } from './validated-redirect-uri.ts'

/** The rule by which a presented redirect URI matched a registered one. */
export type RedirectUriRule = 'exact' | 'loopback-port' | 'port-wildcard' | 'subdomain-wildcard'

/**
 * Why no registered redirect URI matched.
 *
 * - `nothing_registered`: the client has no usable entry;
 * - `entry_not_usable`: an entry would have matched, but fails the check at registration;
 * - `malformed`: what was presented could be nobody's redirect URI;
 * - `..._differs`: an entry came close, and this is the weightiest difference;
 * - `not_registered`: no entry came close.
 */
export type RedirectUriMismatch =
  | 'nothing_registered'
  | 'entry_not_usable'
  | 'malformed'
  | 'case_differs'
  | 'query_differs'
  | 'port_differs'
  | 'trailing_slash_differs'
  | 'loopback_host_differs'
  | 'scheme_differs'
  | 'path_differs'
  | 'not_registered'

/**
 * The result of matching a presented redirect URI.
 *
 * In a mismatch `message` is one ASCII sentence, fit for a log and for an error page: it contains neither the
 * presented nor a registered URI. `registered` is the entry that came closest; it belongs in the log, since an
 * error page would show a stranger how the client is configured.
 */
export type RedirectUriMatch =
  | {
      matched: true
      redirectUri: ValidatedRedirectUri
      /** The entry that matched, as it was registered. */
      registered: string
      rule: RedirectUriRule
    }
  | { matched: false; reason: RedirectUriMismatch; message: string; registered: string | undefined }
