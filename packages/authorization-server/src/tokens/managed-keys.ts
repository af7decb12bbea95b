/** A published signing key, as an administrator sees it. */
export interface KeySummary {
  readonly kid: string
  readonly algorithm: string
  /** `next`: published, and does not sign yet. `signing`: signs. `past`: published for what it has signed. */
  readonly state: 'next' | 'signing' | 'past'
  /** When it signs first, in milliseconds. */
  readonly from: number
  /** When it signs no more, in milliseconds. */
  readonly until: number
  /** When it is no longer published, in milliseconds. */
  readonly publishedUntil: number
}

/** What can be done about keys that a server makes itself. Instants are milliseconds. */
export interface ManagedKeys {
  list(now: number): Promise<KeySummary[]>
  rotate(immediately: boolean, now: number): Promise<KeySummary>
  retire(kid: string, now: number): Promise<boolean>
}
