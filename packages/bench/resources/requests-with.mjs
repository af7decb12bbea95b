import { resource } from './issue-tokens.mjs'

/** Requests that carry tokens in turn, made beforehand: what is measured is the gate alone. */
export function requestsWith(tokens, count) {
  return Array.from(
    { length: count },
    (_, index) =>
      new Request(resource, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens[index % tokens.length]}` },
      }),
  )
}
