// RFC 6749 §2.3.1: https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import { issuer, testServer } from '../support/test-server.ts'

const secret = 'a:b%+ é/='
const clients = [
  registered(
    { client_id: 'up-client', client_secret: secret, redirect_uris: ['https://app.example.com/cb'] },
    { client_id: 'a b', client_secret: 's', redirect_uris: ['https://app.example.com/cb'] },
  ),
]

async function status(authorization: string): Promise<number | undefined> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization }
  const body = `grant_type=refresh_token&refresh_token=x`
  const { server } = testServer({ clients })
  return (await server.handle(new Request(`${issuer}/token`, { method: 'POST', headers, body })))?.status
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const formEncode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)

// 400 is invalid_grant: the client was accepted, the refresh token was not. 401 is invalid_client.
describe('Basic client authentication', () => {
  it.each([
    ['form-encoded halves', `Basic ${base64(`up-client:${formEncode(secret)}`)}`],
    ['percent-encoded halves', `Basic ${base64(`up-client:${encodeURIComponent(secret)}`)}`],
    ['an id with encoded hyphens', `Basic ${base64(`up%2Dclient:${formEncode(secret)}`)}`],
    ['raw halves', `Basic ${base64(`up-client:${secret}`)}`],
    ['a raw id with a space', `Basic ${base64('a b:s')}`],
    ['a form-encoded id with a space', `Basic ${base64('a+b:s')}`],
  ])('CA-05 accepts %s and splits at the first colon only', async (_what, header) => {
    expect(await status(header)).toBe(400)
  })

  it.each([['bAsIc'], ['basic'], ['BASIC'], ['Basic ']])(
    'CA-07 accepts the scheme as "%s"',
    async (scheme) => {
      expect(await status(`${scheme} ${base64(`up-client:${secret}`)}`)).toBe(400)
    },
  )

  it.each([
    ['no credentials', 'Basic'],
    ['empty credentials', 'Basic '],
    ['no colon', `Basic ${btoa('up-client')}`],
    ['no id', `Basic ${btoa(':secret')}`],
    ['characters that are not base64', 'Basic dXAtY2xp*W50OnM='],
    ['base64 without padding', `Basic ${btoa('a b:s').replaceAll('=', '')}`],
    ['base64 with more padding than there is', `Basic ${btoa('a b:s1')}====`],
    ['base64 with spaces', 'Basic YS Bi OnM='],
    ['a second spelling of base64', `Basic ${btoa('a b:s').replace('M=', 'N=')}`],
    ['bytes that are not UTF-8', `Basic ${btoa('\xff\xfe:s')}`],
    ['two credentials', `Basic ${btoa('a b:s')}, Basic ${btoa('a b:s')}`],
    ['another scheme that starts alike', `Basically ${btoa('a b:s')}`],
    ['20 KB', `Basic ${btoa('x'.repeat(15_000))}`],
  ])('CA-06 refuses %s with 401', async (_what, header) => {
    expect(await status(header)).toBe(401)
  })

  it('does not take a wrong secret for the decoding of another one', async () => {
    expect(await status(`Basic ${base64(`up-client:${formEncode(formEncode(secret))}`)}`)).toBe(401)
    expect(await status(`Basic ${base64(`up-client:${secret} `)}`)).toBe(401)
  })
})

it.each([
  ['spaces', ' '],
  ['the scheme', 'Basic '],
  ['letters', 'a'],
  ['letters, then not', 'a', '!'],
  ['padding', '='],
  ['padding, then not', '=', 'AAAA'],
  ['pairs of padding', 'YQ=='],
  ['an id without end', base64('aaa')],
  ['colons', base64('a::')],
  ['percent signs', base64('a:%')],
  ['commas', ','],
])('DS-01 answers a Basic header of 100 KB of %s in milliseconds', async (_what, unit, end = '') => {
  const { server } = testServer({ clients })
  await server.metadata()
  const authorization = `Basic ${unit.repeat(100_000 / unit.length)}${end}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization }
  const body = 'grant_type=refresh_token&refresh_token=x'
  let least = Number.POSITIVE_INFINITY
  // Processor time, of a few attempts the least: neither what else the machine does nor a collection of garbage counts.
  for (let round = 0; round < 10 && least >= 50; round++) {
    const request = new Request(`${issuer}/token`, { method: 'POST', headers, body })
    const before = process.cpuUsage()
    expect((await server.handle(request))?.status).toBeLessThan(500)
    least = Math.min(least, process.cpuUsage(before).user / 1000)
  }
  expect(least).toBeLessThan(50)
})
