import { describe, expect, test } from 'vitest'
import { readBody } from '@gatewright/core'

/** A request whose body arrives in chunks, with whatever Content-Length it claims. */
function arriving(chunks: readonly (string | Uint8Array)[], headers: Record<string, string> = {}) {
  let sent = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[sent++]
        if (chunk === undefined) controller.close()
        else controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request('https://example.com/', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit)
  return { request, sent: () => sent }
}

test('a request without a body reads as empty', async () => {
  expect(await readBody(new Request('https://example.com/'), 10)).toBe('')
  expect(await readBody(new Request('https://example.com/', { method: 'POST' }), 10)).toBe('')
})

describe.each([
  [
    'with a Content-Length',
    (text: string) => ({ 'content-length': String(new TextEncoder().encode(text).length) }),
  ],
  ['without a Content-Length', () => ({})],
])('a body %s', (_, headers) => {
  const read = (text: string, limit: number) => readBody(arriving([text], headers(text)).request, limit)

  test('is read up to the limit and refused above it', async () => {
    expect(await read('x'.repeat(10), 10)).toBe('x'.repeat(10))
    expect(await read('x'.repeat(11), 10)).toBeUndefined()
  })

  test('is measured in bytes, not in characters', async () => {
    expect(await read('é'.repeat(5), 10)).toBe('é'.repeat(5))
    expect(await read('é'.repeat(6), 10)).toBeUndefined()
  })
})

test('a character that is split between two chunks stays whole', async () => {
  const bytes = new TextEncoder().encode('é')
  expect(await readBody(arriving([bytes.subarray(0, 1), bytes.subarray(1)]).request, 10)).toBe('é')
})

test('reading stops at the limit', async () => {
  const { request, sent } = arriving(Array.from({ length: 1000 }, () => 'x'.repeat(10)))
  expect(await readBody(request, 25)).toBeUndefined()
  expect(sent()).toBeLessThan(10)
})

test.each(['10', '0', '-1', 'nonsense', '1e1', '0x5', ' '])(
  'a body above the limit is refused when its Content-Length claims %j',
  async (claim) => {
    expect(
      await readBody(arriving(['x'.repeat(50)], { 'content-length': claim }).request, 25),
    ).toBeUndefined()
    expect(
      await readBody(arriving(['é'.repeat(20)], { 'content-length': claim }).request, 25),
    ).toBeUndefined()
  },
)

test('a body is not read when its Content-Length is above the limit', async () => {
  const { request, sent } = arriving(['x'], { 'content-length': '26' })
  expect(await readBody(request, 25)).toBeUndefined()
  expect(sent()).toBe(0)
})
