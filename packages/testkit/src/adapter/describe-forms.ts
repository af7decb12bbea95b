import { describe, expect, test } from 'vitest'
import type { Answer } from './answer.ts'
import { echo, echoed } from './echo.ts'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'

/** Form bodies, whatever a framework made of them before. */
export function describeForms({ serve, traits }: Rig): void {
  const request = {
    method: 'POST',
    path: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
  }
  const fields = (answer: Answer) => [...new URLSearchParams(echoed(answer).body)]

  describe('a form', () => {
    test('keeps its fields, their order and their characters', () =>
      serve(echo, async ({ send }) => {
        const sent = [
          ['grant_type', 'authorization_code'],
          ['redirect_uri', 'http://127.0.0.1:1/cb?x=1&y=2'],
          ['text', '+ %é€😀\r\n'],
          ['empty', ''],
        ]
        expect(fields(await send(request, new URLSearchParams(sent).toString()))).toEqual(sent)
      }))

    test('HT-04 shows a repeated field repeated', () =>
      serve(echo, async ({ send }) => {
        const answer = await send(request, 'a=1&b=x&a=2&a=1')
        expect(fields(answer).filter(([name]) => name === 'a')).toEqual([
          ['a', '1'],
          ['a', '2'],
          ['a', '1'],
        ])
        expect(fields(answer)).toContainEqual(['b', 'x'])
      }))

    test('HT-04 shows a field that is repeated a hundred times repeated', () =>
      serve(echo, async ({ send }) => {
        const names = fields(await send(request, 'scope=a&'.repeat(120))).map(([name]) => name)
        expect(names.filter((name) => name === 'scope').length).toBeGreaterThan(1)
      }))

    test.each([
      'code[]=a',
      'code[0]=a',
      'code%5B%5D=a',
      'code[x]=a',
      'code[x][y]=a',
      'code[][x]=a',
      'code[]=a&code[]=b',
      'code[0]=a&code[1]=b',
      'code[0]=a&code[5000]=b',
      'code.x=a',
    ])('HT-04 never lets %s pass for one field named code', (body) =>
      serve(echo, async ({ send }) => {
        const answer = await send(request, body)
        // A parser may refuse it altogether.
        const values = answer.status === 400 ? [] : fields(answer).filter(([name]) => name === 'code')
        expect(values).not.toHaveLength(1)
      }),
    )

    test('HT-06 names of built-in properties are fields like others, and change nothing', () =>
      serve(echo, async ({ send }) => {
        const body =
          '__proto__=x&__proto__[polluted]=1&constructor[prototype][polluted]=1&hasOwnProperty=1&toString=2&a=1'
        const seen = fields(await send(request, body))
        expect(seen).toContainEqual(['a', '1'])
        expect(seen).toContainEqual(['hasOwnProperty', '1'])
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
        expect(fields(await send(request, 'a=2'))).toEqual([['a', '2']])
      }))

    unless(traits.parsed)('is byte for byte what was sent', () =>
      serve(echo, async ({ send }) => {
        const body = '&&a=%zz&=x&b&code[]=a'
        expect(echoed(await send(request, body)).body).toBe(body)
      }),
    )
  })
}
