import type { Answer } from './answer.ts'

/** What must not stand in a report. */
export interface Secrets {
  add(secret: string | undefined): void
  /** Takes note of what an answer hands out. */
  learn(answer: Pick<Answer, 'json' | 'location'>): void
  /** A text without what is secret in it. */
  redact(text: string): string
}

const members = [
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'registration_access_token',
  'device_code',
  'code',
]

/** Remembers the secrets of one run: tokens, codes, passwords. */
export function createSecrets(): Secrets {
  const known = new Set<string>()
  const add: Secrets['add'] = (secret) => {
    // What is that short is a word, and taking words out says more than it hides.
    if (secret !== undefined && secret.length > 5) known.add(secret)
  }
  return {
    add,
    learn({ json, location }) {
      for (const member of members) {
        const value = json[member]
        if (typeof value === 'string' && typeof json['error'] !== 'string') add(value)
        add(location?.searchParams.get(member) ?? undefined)
        add(new URLSearchParams(location?.hash.slice(1)).get(member) ?? undefined)
      }
    },
    redact(text) {
      const longestFirst = [...known].toSorted((one, other) => other.length - one.length)
      return longestFirst.reduce(
        (rest, secret) => rest.replaceAll(secret, '[…]').replaceAll(encodeURIComponent(secret), '[…]'),
        text,
      )
    },
  }
}
