// Whatever is asked, in whichever revision: without the right token it is refused, and nothing runs.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createToolRegistry, promptText, text } from '../src/index.ts'
import { mint, scopes, testResourceServer } from './support/issuer.ts'
import { jsonHeaders, lines, modernVersion, request, send, withEnvelope } from './support/app.ts'

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) }

const past = Math.floor(Date.now() / 1000) - 3600
const tokens = {
  none: undefined,
  'wrong audience': await mint('admin:application read:user', { aud: 'http://127.0.0.1:4000/mcp2' }),
  expired: await mint('admin:application read:user', { exp: past }),
  'too small': await mint('read:user'),
} as const
const sufficient = await mint('admin:application read:user')

/** Everything that is about an entry, all of which needs a scope that the small token lacks. */
const gated = [
  ['tools/call', { name: 'tool', arguments: {} }],
  ['tools/call', { name: 'alias', arguments: { x: 1 } }],
  ['resources/read', { uri: 'app://fixed' }],
  ['resources/read', { uri: 'app://a/b' }],
  ['prompts/get', { name: 'prompt' }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'prompt' }, argument: { name: 'a', value: '' } },
  ],
  [
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'app://{x}/{y}' }, argument: { name: 'x', value: '' } },
  ],
] as const
const handshake = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
const ungated = [
  ['initialize', handshake],
  ['server/discover', {}],
  ['ping', {}],
  ['tools/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['prompts/list', {}],
  ['resources/subscribe', { uri: 'app://fixed' }],
  ['resources/unsubscribe', { uri: 'app://fixed' }],
  ['logging/setLevel', { level: 'debug' }],
  ['subscriptions/listen', {}],
  ['tasks/get', { taskId: '1' }],
  ['notifications/initialized', {}],
  ['notifications/cancelled', { requestId: 1 }],
] as const

const revisions = [undefined, '2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', modernVersion] as const

function app({ create }: (typeof lines)[number]) {
  const done: string[] = []
  const run = (what: string) => done.push(what)
  const registry = createToolRegistry({ scopes })
    .register('tool', { description: 'x', scopes: ['write:application'], aliases: ['alias'] }, () => {
      run('tool')
      return text('')
    })
    .registerResource('app://fixed', { name: 'f', scopes: ['read:application'] }, () => {
      run('resource')
      return { text: 'x' }
    })
    .registerResource(
      'app://{x}/{y}',
      {
        name: 't',
        scopes: ['admin:application'],
        complete: {
          x: () => {
            run('completion')
            return []
          },
        },
      },
      () => {
        run('template')
        return { text: 'x' }
      },
    )
    .registerPrompt(
      'prompt',
      {
        scopes: ['read:application'],
        arguments: [
          {
            name: 'a',
            complete: () => {
              run('completion')
              return []
            },
          },
        ],
      },
      () => {
        run('prompt')
        return promptText('x')
      },
    )
  const handler = create({ registry, resourceServer: testResourceServer(), name: 'x', version: '1' })
  return { handler, done }
}

interface Ask {
  readonly method: string
  readonly params: object
  readonly revision: (typeof revisions)[number]
  readonly httpMethod: string
  readonly id: unknown
  readonly batch: boolean
  readonly extraHeaders: Record<string, string>
}

const ask = (methods: readonly (readonly [string, object])[]): fc.Arbitrary<Ask> =>
  fc
    .record({
      target: fc.constantFrom(...methods),
      revision: fc.constantFrom(...revisions),
      id: fc.oneof(fc.integer(), fc.string()),
      batch: fc.boolean(),
      httpMethod: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'DELETE', 'PUT'),
      extraHeaders: fc.constantFrom<Record<string, string>>(
        {},
        { 'mcp-session-id': 'x' },
        { 'last-event-id': '1' },
        { cookie: `token=${sufficient}` },
        { 'x-forwarded-user': 'admin' },
        { 'mcp-progress': '1' },
      ),
    })
    .map(({ target: [method, params], ...rest }) => ({ method, params, ...rest }))

function sendAsk(handler: ReturnType<typeof app>['handler'], token: string | undefined, asked: Ask) {
  const { method, params, revision, httpMethod, batch, extraHeaders } = asked
  const plain = request(method, params, asked.id)
  const message = revision === modernVersion ? withEnvelope(plain) : plain
  const { name, uri } = params as { name?: string; uri?: string }
  const headers = {
    ...jsonHeaders,
    ...extraHeaders,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(revision === undefined ? {} : { 'mcp-protocol-version': revision }),
    ...(revision === modernVersion && {
      'mcp-method': method,
      ...(method !== 'completion/complete' && { 'mcp-name': name ?? uri ?? '' }),
    }),
  }
  const body = JSON.stringify(batch ? [message, request('tools/list', {}, 'other')] : message)
  return send(handler, { method: httpMethod, headers, ...(httpMethod === 'GET' ? {} : { body }) })
}

describe.each(lines)('SU-05 $line', (line) => {
  const { handler, done } = app(line)

  it.each(['none', 'wrong audience', 'expired'] as const)(
    'every method of every era with this token is 401, and nothing runs: %s',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(ask([...gated, ...ungated]), async (asked) => {
          const response = await sendAsk(handler, tokens[kind], asked)
          expect(response.status).toBe(401)
          expect(response.headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata=/)
          expect(await response.text()).not.toMatch(/"result"/)
          expect(done).toEqual([])
        }),
        runs,
      )
    },
  )

  it('every method about an entry with a token that is too small is refused, and nothing runs', async () => {
    await fc.assert(
      fc.asyncProperty(ask(gated), async (asked) => {
        const response = await sendAsk(handler, tokens['too small'], asked)
        // What is not in order is refused for that, before anyone looks at the scopes.
        if (asked.httpMethod === 'POST') expect([400, 403]).toContain(response.status)
        else expect(response.status).toBe(405)
        if (
          !asked.batch &&
          asked.httpMethod === 'POST' &&
          (line.modern || asked.revision !== modernVersion)
        ) {
          expect(response.status).toBe(403)
          expect(response.headers.get('www-authenticate')).toMatch(/error="insufficient_scope"/)
        }
        expect(await response.text()).not.toMatch(/"result"/)
        expect(done).toEqual([])
      }),
      runs,
    )
  })

  it('lists with a token that is too small show nothing that is gated', async () => {
    await fc.assert(
      fc.asyncProperty(ask(ungated), async (asked) => {
        const body = await (await sendAsk(handler, tokens['too small'], asked)).text()
        expect(body).not.toMatch(/"(tool|alias|prompt)"|app:\/\//)
        expect(done).toEqual([])
      }),
      runs,
    )
  })

  it('the same requests with a sufficient token do run, so the ones above were refused for their tokens', async () => {
    for (const [method, params] of gated) {
      const asked = {
        method,
        params,
        revision: undefined,
        httpMethod: 'POST',
        id: 1,
        batch: false,
        extraHeaders: {},
      }
      expect(await (await sendAsk(handler, sufficient, asked)).text()).toMatch(/"result"/)
    }
    expect(done.splice(0)).toEqual([
      'tool',
      'tool',
      'resource',
      'template',
      'prompt',
      'completion',
      'completion',
    ])
  })
})
