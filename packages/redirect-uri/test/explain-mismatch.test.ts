import { createRedirectUriMatcher, matchRedirectUri, type RedirectUriOptions } from '@gatewright/redirect-uri'
import { describe, expect, it } from 'vitest'

const native: RedirectUriOptions = { anyLoopbackPort: true }

function explain(
  presented: string,
  registered: readonly string[],
  options?: RedirectUriOptions,
): [string, string | undefined, string] {
  const match = matchRedirectUri(presented, registered, options)
  if (match.matched) throw new Error(`${presented} matched`)
  return [match.reason, match.registered, match.message]
}

/** Milliseconds that this process has computed: unlike a clock, it does not run while others use the machine. */
const cpuTime = () => process.cpuUsage().user / 1000

describe('the explanation of a mismatch', () => {
  const list = [
    'https://other.example/cb',
    'https://app.example.com/cb',
    'https://app.example.com/cb?tenant=1',
    'http://127.0.0.1:3000/callback',
    'com.example.app:/oauth2redirect',
  ]

  it.each([
    ['https://app.example.com/CB', 'case_differs', 'https://app.example.com/cb'],
    ['HTTP://127.0.0.1:3000/callback', 'case_differs', 'http://127.0.0.1:3000/callback'],
    ['COM.EXAMPLE.APP:/oauth2redirect', 'case_differs', 'com.example.app:/oauth2redirect'],
    ['https://app.example.com/cb?tenant=2', 'query_differs', 'https://app.example.com/cb'],
    ['https://app.example.com:443/cb', 'port_differs', 'https://app.example.com/cb'],
    ['http://127.0.0.1:3001/callback', 'port_differs', 'http://127.0.0.1:3000/callback'],
    ['http://127.0.0.1/callback', 'port_differs', 'http://127.0.0.1:3000/callback'],
    ['https://app.example.com/cb/', 'trailing_slash_differs', 'https://app.example.com/cb'],
    ['http://localhost:3000/callback', 'loopback_host_differs', 'http://127.0.0.1:3000/callback'],
    ['http://[::1]:4000/callback', 'loopback_host_differs', 'http://127.0.0.1:3000/callback'],
    ['http://app.example.com/cb', 'scheme_differs', 'https://app.example.com/cb'],
    ['https://app.example.com/other', 'path_differs', 'https://app.example.com/cb'],
    ['https://app.example.com', 'path_differs', 'https://app.example.com/cb'],
    ['http://localhost:4000/other', 'path_differs', 'http://127.0.0.1:3000/callback'],
    ['com.example.app:/other', 'path_differs', 'com.example.app:/oauth2redirect'],
    ['https://evil.example/cb', 'not_registered', undefined],
    ['https://sub.app.example.com/cb', 'not_registered', undefined],
    ['com.evil.app:/oauth2redirect', 'not_registered', undefined],
  ])('of %s is %s and names %s', (presented, reason, registered) => {
    expect(explain(presented, list).slice(0, 2)).toEqual([reason, registered])
  })

  it('is a sentence', () => {
    expect(explain('http://localhost:3000/callback', list)[2]).toBe(
      'The closest registered redirect URI differs in its loopback host.',
    )
    expect(explain('https://app.example.com/cb/', list)[2]).toBe(
      'The closest registered redirect URI differs in its trailing slash.',
    )
    expect(explain('https://evil.example/cb', list)[2]).toBe('The redirect URI is not registered.')
  })

  it('takes no host for this machine that only begins or ends like it', () => {
    for (const host of ['x127.0.0.1', '127.0.0.1.evil.example'])
      expect(explain(`http://${host}:3000/callback`, list)[0], host).toBe('not_registered')
  })

  it('takes no host of one label for one that a wildcard could stand for', () => {
    expect(explain('https://abc', ['https://*c'])[0]).toBe('nothing_registered')
    expect(explain('https://abc', [...list, 'https://*c'])[0]).toBe('not_registered')
  })

  it('names the entry whose weightiest difference is the lightest', () => {
    const registered = ['https://a.example/x', 'https://a.example:1/y', 'https://a.example/y/']
    expect(explain('https://a.example/y', registered).slice(0, 2)).toEqual([
      'port_differs',
      'https://a.example:1/y',
    ])
  })

  it('does not count the port where it is free', () => {
    expect(explain('http://127.0.0.1:51004/other', ['http://127.0.0.1:3000/callback'], native)[0]).toBe(
      'path_differs',
    )
    expect(
      explain('http://127.0.0.1:51004/callback?x=1', ['http://127.0.0.1:3000/callback'], native)[0],
    ).toBe('query_differs')
    expect(explain('HTTP://LOCALHOST:51004/callback', ['http://localhost/callback'], native)[0]).toBe(
      'case_differs',
    )
    expect(
      explain('http://localhost:51004/other', ['http://localhost:*/callback'], { wildcardPort: true }).slice(
        0,
        2,
      ),
    ).toEqual(['path_differs', 'http://localhost:*/callback'])
    expect(
      explain('https://pr-7.preview.example.com/other', ['https://*.preview.example.com/cb'], {
        wildcardSubdomains: true,
      }).slice(0, 2),
    ).toEqual(['path_differs', 'https://*.preview.example.com/cb'])
  })

  it.each([
    ['https://app.example.com/cb#', 'The redirect URI is refused: fragment.'],
    [' https://app.example.com/cb', 'The redirect URI is refused: forbidden character.'],
    ['https://app.example.com\\cb', 'The redirect URI is refused: forbidden character.'],
    ['https://user@app.example.com/cb', 'The redirect URI is refused: userinfo.'],
    ['/cb', 'The redirect URI is refused: not absolute.'],
    ['', 'The redirect URI is refused: not absolute.'],
    ['javascript:alert(1)', 'The redirect URI is refused: dangerous scheme.'],
    ['http://127.0.0.1:0/callback', 'The redirect URI is refused: invalid port.'],
    [`https://app.example.com/${'a'.repeat(2048)}`, 'The redirect URI is refused: too long.'],
  ])('of %s, which is nobody\u2019s redirect URI, says why', (presented, message) => {
    expect(explain(presented, list)).toEqual(['malformed', undefined, message])
  })

  it('says that an entry would have matched but is not usable, and why', () => {
    const cursor = 'cursor://anysphere.cursor-mcp/oauth/callback'
    expect(explain(cursor, [...list, cursor])).toEqual([
      'entry_not_usable',
      cursor,
      'The registered redirect URI is refused: scheme not allowed.',
    ])
    expect(explain('http://127.0.0.1:9/cb', ['http://127.0.0.1:*/cb'], native).slice(0, 2)).toEqual([
      'entry_not_usable',
      'http://127.0.0.1:*/cb',
    ])
    expect(explain('https://pr-7.preview.example.com/cb', ['https://*.preview.example.com/cb'])).toEqual([
      'entry_not_usable',
      'https://*.preview.example.com/cb',
      'The registered redirect URI is refused: wildcard not allowed.',
    ])
    for (const entry of [
      'javascript:alert(1)',
      'http://127.0.0.1:*/cb',
      'http://127.0.0.1:3000/a/../cb',
      'https://app.example.com:443/cb',
    ])
      expect(explain(entry, [...list, entry]).slice(0, 2)).toEqual(['entry_not_usable', entry])
    const twisted = 'http://127.0.0.1:3000/a/../cb'
    expect(explain(twisted, [twisted])[2]).toBe(
      'The registered redirect URI is refused: not canonical (case, default port, dot segments or empty path).',
    )
    const open = 'http://app.example.com/cb'
    expect(explain(open, [open])[2]).toBe(
      'The registered redirect URI is refused: http not loopback (http is for 127.0.0.1, [::1] and localhost).',
    )
  })

  it('says that nothing usable is registered', () => {
    expect(explain('https://app.example.com/cb', [])).toEqual([
      'nothing_registered',
      undefined,
      'The client has no usable redirect URI.',
    ])
    expect(explain('https://app.example.com/cb', ['', 'https://user@app.example.com/cb'])[0]).toBe(
      'nothing_registered',
    )
  })
})

describe('DS-01 the time for adversarial texts of 100 KB', () => {
  const size = 100_000
  const texts = [
    'a',
    'http://127.0.0.1:',
    'http://127.0.0.1:9',
    'http://localhost/',
    'https://',
    'https://a.',
    'com.example.app:/',
  ].flatMap((head) =>
    ['a', '9', '.', '/', '%', '%4', '@', ':', '[', '?', '*', '-', 'a.', '\n', '\u2028'].map(
      (unit) => head + unit.repeat(size / unit.length),
    ),
  )
  const everything: RedirectUriOptions = {
    anyLoopbackPort: true,
    wildcardPort: true,
    wildcardSubdomains: true,
  }

  it('is far below 50 ms each, presented or registered', () => {
    let slowest = 0
    for (const text of texts) {
      const started = cpuTime()
      matchRedirectUri(
        text,
        ['https://app.example.com/cb', 'https://*.preview.example.com/cb', text],
        everything,
      )
      slowest = Math.max(slowest, cpuTime() - started)
    }
    expect(slowest).toBeLessThan(50)
  })

  it('is far below 50 ms for the longest texts that are looked at, even against 1,000 long entries', () => {
    const entries = Array.from(
      { length: 1000 },
      (_, at) => `https://app.example.com/${'a/'.repeat(900)}${at}`,
    )
    const matcher = createRedirectUriMatcher(entries, everything)
    let slowest = 0
    for (const text of [...texts.map((text) => text.slice(0, 2048)), `${entries.at(-1)}0`]) {
      const started = cpuTime()
      matcher.match(text)
      slowest = Math.max(slowest, cpuTime() - started)
    }
    expect(slowest).toBeLessThan(50)
  })
})
