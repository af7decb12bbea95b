import {
  checkRedirectUri,
  createRedirectUriMatcher,
  matchRedirectUri,
  type RedirectUriOptions,
} from '@gatewright/redirect-uri'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { naiveMatch } from './support/naive-match.ts'
import { mutationOf, nativeUri, options, uri } from './support/uri-arbitraries.ts'

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 10_000) }
const native: RedirectUriOptions = { anyLoopbackPort: true, wildcardPort: true }

function withoutPort(text: string): string {
  return text.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)):[0-9*]+(?=\/|$)/, '$1')
}

/** A list, and a presented text that is random, taken from the list, or close to one of its entries. */
const listAndPresented = fc.array(fc.oneof(uri, nativeUri), { minLength: 1, maxLength: 6 }).chain((list) =>
  fc.tuple(
    fc.constant(list),
    fc.oneof(
      uri,
      nativeUri,
      fc.constantFrom(...list),
      fc.constantFrom(...list).chain(mutationOf),
      fc
        .tuple(fc.constantFrom(...list), fc.integer({ min: 0, max: 70_000 }))
        .map(([entry, port]) =>
          entry.replace(/^(https?:\/\/[^/?:@]+|http:\/\/\[::1\])(?::[\d*]*)?/, `$1:${port}`),
        ),
      fc
        .tuple(fc.constantFrom(...list), fc.constantFrom('pr-7', 'a', 'a.b', 'xn--a', '-'))
        .map(([entry, label]) => entry.replace('*', label)),
    ),
  ),
)

describe('SU-05 properties of the matcher', () => {
  it('decides like the naive reference, with any options', () => {
    let accepted = 0
    fc.assert(
      fc.property(listAndPresented, options, ([list, presented], chosen) => {
        const { matched } = createRedirectUriMatcher(list, chosen).match(presented)
        accepted += Number(matched)
        expect(matched).toBe(naiveMatch(presented, list, chosen))
      }),
      runs,
    )
    expect(accepted).toBeGreaterThan(runs.numRuns / 20)
  })

  it('accepts nothing that differs from an entry in more than the port of an http loopback URI', () => {
    fc.assert(
      fc.property(listAndPresented, ([list, presented]) => {
        const match = matchRedirectUri(presented, list, native)
        if (!match.matched || match.registered === presented) return
        expect(match.rule).not.toBe('exact')
        expect(presented).toMatch(/^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::[1-9]\d*)?(?:\/|$)/)
        expect(withoutPort(presented)).toBe(withoutPort(match.registered))
      }),
      runs,
    )
  })

  it('accepts only what is an entry, when nothing is switched on', () => {
    fc.assert(
      fc.property(listAndPresented, ([list, presented]) => {
        const match = matchRedirectUri(presented, list)
        if (!match.matched) return
        expect(match).toEqual({ matched: true, redirectUri: presented, registered: presented, rule: 'exact' })
        expect(list).toContain(presented)
      }),
      runs,
    )
  })

  it('accepts nothing that a browser would read as another scheme, host, path or query, or as user name', () => {
    fc.assert(
      fc.property(listAndPresented, options, ([list, presented], chosen) => {
        const match = matchRedirectUri(presented, list, chosen)
        if (!match.matched) return
        const label = /^https:\/\/([^.]+)/.exec(presented)?.[1] ?? ''
        const registered = new URL(
          match.registered.replace(':*', '').replace('https://*', `https://${label}`),
        )
        const target = new URL(presented)
        for (const part of [
          'protocol',
          'hostname',
          'pathname',
          'search',
          'hash',
          'username',
          'password',
        ] as const)
          expect(target[part]).toBe(registered[part])
        expect(target.username + target.password + target.hash).toBe('')
      }),
      runs,
    )
  })

  it('accepts no entry with one character changed, unless in the digits of its loopback port', () => {
    const entryAndMutation = nativeUri.chain((entry) => fc.tuple(fc.constant(entry), mutationOf(entry)))
    fc.assert(
      fc.property(entryAndMutation, ([entry, mutated]) => {
        if (!matchRedirectUri(mutated, [entry], native).matched || mutated === entry) return
        expect(withoutPort(entry)).not.toBe(entry)
        expect(withoutPort(mutated)).toBe(withoutPort(entry))
      }),
      runs,
    )
    fc.assert(
      fc.property(entryAndMutation, ([entry, mutated]) => {
        expect(matchRedirectUri(mutated, [entry]).matched).toBe(mutated === entry)
      }),
      runs,
    )
  })

  it('accepts every port of a native client, and what it accepts is what was presented', () => {
    fc.assert(
      fc.property(nativeUri, fc.integer({ min: 1, max: 65_535 }), (entry, port) => {
        fc.pre(entry.startsWith('http:'))
        const presented = withoutPort(entry).replace(/^(http:\/\/(?:\[::1\]|[^/]+))/, `$1:${port}`)
        expect(matchRedirectUri(presented, [entry], native)).toMatchObject({
          matched: true,
          redirectUri: presented,
        })
      }),
      runs,
    )
  })

  it('explains each mismatch in one ASCII sentence that repeats neither URI, and never throws', () => {
    const anything = fc.oneof(uri, fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 5 }), anything, options, (list, presented, chosen) => {
        const match = matchRedirectUri(presented, list, chosen)
        if (match.matched) return
        expect(match.message).toMatch(/^[\u0020-\u007e]+\.$/)
        if (match.registered !== undefined) expect(list).toContain(match.registered)
        for (const text of [presented, ...list])
          if (text.length > 12) expect(match.message).not.toContain(text)
      }),
      runs,
    )
  })
})

describe('SU-05 properties of the check at registration', () => {
  it('accepts only absolute, canonical URIs without user name and fragment, that match themselves', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(uri, nativeUri, nativeUri.chain(mutationOf)), (text) => {
        const check = checkRedirectUri(text)
        if (!check.ok) return
        accepted += 1
        const url = new URL(text)
        expect(url.username + url.password + url.hash).toBe('')
        expect(text).toMatch(/^[\u0021-\u007e]{1,2048}$/)
        expect(text).not.toMatch(/[*\\#"<>^`{|}]/)
        if (url.protocol === 'http:') expect(['127.0.0.1', '[::1]', 'localhost']).toContain(url.hostname)
        else expect(url.href).toBe(text)
        expect(matchRedirectUri(text, [text])).toMatchObject({ matched: true, rule: 'exact' })
      }),
      runs,
    )
    expect(accepted).toBeGreaterThan(runs.numRuns / 5)
  })
})
