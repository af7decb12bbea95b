import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { givenClient } from '../bench/clients.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'

/** The answer that a device begins with, and its client. */
async function begin(bench: Bench) {
  await bench.endpoint('device_authorization_endpoint')
  const client = givenClient(bench.target.deviceClient, 'may connect devices')
  const form = { scope: await bench.scope(), resource: bench.target.resource }
  const answer = await bench.post('device_authorization_endpoint', client, form)
  return { client, answer }
}

/** @throws {NotApplicable} when the device gets no codes */
async function begun(bench: Bench) {
  const { client, answer } = await begin(bench)
  const { device_code: code, verification_uri_complete: link } = answer.json
  if (answer.status !== 200 || typeof code !== 'string')
    throw new NotApplicable(`a device gets no codes (see authorization-server.device): ${tell(answer)}`)
  const poll = (as = client): Promise<Answer> =>
    bench.post('token_endpoint', as, {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: code,
    })
  return { code, link, poll }
}

/** Devices without a browser. */
export const deviceChecks: readonly Check[] = [
  {
    id: 'authorization-server.device',
    title: 'gives a device a code for itself, one for its user, and where to type it',
    section: 'RFC 8628 §3.2',
    severity: 'must',
    mend: 'Answer 200 with `device_code`, `user_code`, `verification_uri` and `expires_in`.',
    async run(bench) {
      const { answer } = await begin(bench)
      const { device_code: code, user_code: typed, verification_uri: uri, expires_in: seconds } = answer.json
      const all =
        typeof code === 'string' &&
        typeof typed === 'string' &&
        typeof uri === 'string' &&
        URL.canParse(uri) &&
        typeof seconds === 'number'
      return expectThat(answer.status === 200 && all, tell(answer))
    },
  },
  {
    id: 'authorization-server.device-pending',
    title: 'lets a device wait for its user with the error authorization_pending',
    section: 'RFC 8628 §3.5',
    severity: 'must',
    mend: 'Answer `authorization_pending` until the user has decided; devices give up at any other error.',
    async run(bench) {
      const { poll } = await begun(bench)
      const answer = await poll()
      return expectThat(
        answer.status === 400 && answer.json['error'] === 'authorization_pending',
        tell(answer),
      )
    },
  },
  {
    id: 'authorization-server.device-pace',
    title: 'slows a device down that asks faster than it was told',
    section: 'RFC 8628 §3.5',
    severity: 'should',
    mend: 'Answer `slow_down` to what comes within the interval.',
    async run(bench) {
      const { poll } = await begun(bench)
      for (let times = 0; times < 3; times++) if ((await poll()).json['error'] === 'slow_down') return passed
      return failed('three polls within the interval, and none was told slow_down')
    },
  },
  {
    id: 'authorization-server.device-client',
    title: 'lets no other client wait with the code of a device',
    section: 'RFC 6749 §5.2',
    severity: 'must',
    mend: 'Keep the client with the device code, and compare it at each poll.',
    async run(bench) {
      const { poll } = await begun(bench)
      const answer = await poll(await bench.client('other'))
      const waits = ['authorization_pending', 'slow_down'].includes(String(answer.json['error']))
      return expectThat(answer.status >= 400 && !waits, tell(answer))
    },
  },
  {
    id: 'authorization-server.device-guess',
    title: 'gives device codes that nobody can guess',
    section: 'RFC 8628 §5.2',
    severity: 'should',
    mend: 'Make the device code of at least 128 random bits: its client may be public, so it is all that is needed.',
    async run(bench) {
      const [one, other] = [(await begun(bench)).code, (await begun(bench)).code]
      // 128 bits take 22 characters of base64url.
      const random = one.split('').filter((character, index) => character !== other[index]).length
      return expectThat(
        one.length >= 22 && random >= 16,
        `two device codes of ${one.length} characters differ in ${random}`,
      )
    },
  },
  {
    id: 'authorization-server.device-link',
    title: 'approves nothing because a link with the user code was opened',
    section: 'RFC 8628 §5.4',
    severity: 'should',
    mend: 'Show the user what wants access, and ask: the link may come from somebody else.',
    async run(bench) {
      const { link, poll } = await begun(bench)
      if (typeof link !== 'string') throw new NotApplicable('there is no such link')
      const client = await bench.client('public')
      const browser = bench.browser()
      // As somebody who is signed in already.
      await bench.journey((await bench.draft(client)).url, browser)
      await browser.open(new URL(link))
      const answer = await poll()
      return expectThat(answer.status >= 400, tell(answer))
    },
  },
]
