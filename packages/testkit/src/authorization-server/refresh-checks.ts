import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import type { Bench } from '../bench/bench.ts'
import { expectThat, NotApplicable } from '../check.ts'
import type { Check } from '../check.ts'

/** The new refresh token of an answer. */
function next(answer: Answer, before: string): string {
  const token = answer.json['refresh_token']
  return typeof token === 'string' ? token : before
}

/** Refreshes twice, then presents the first token again. */
async function replayFirst(bench: Bench) {
  const client = await bench.client('public')
  const { refresh_token: first } = await bench.refreshable(client)
  const second = next(await bench.refreshed(client, first), first)
  if (second === first) throw new NotApplicable('refresh tokens are not rotated')
  const third = next(await bench.refreshed(client, second), second)
  return { client, third, answer: await bench.refresh(client, first) }
}

/** What refresh tokens may do, and how they end. */
export const refreshChecks: readonly Check[] = [
  {
    id: 'authorization-server.refresh-rotation',
    title: 'gives public clients a new refresh token at each refresh',
    section: 'RFC 9700 §4.14.2',
    severity: 'must',
    mend: 'Rotate the refresh tokens of public clients, or bind them to a key.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: token } = await bench.refreshable(client)
      const { refresh_token: renewed } = (await bench.refreshed(client, token)).json
      return expectThat(typeof renewed === 'string' && renewed !== token, 'the same refresh token goes on')
    },
  },
  {
    id: 'authorization-server.refresh-reuse',
    rows: ['RT-02'],
    title: 'refuses a refresh token whose successor was used',
    section: 'RFC 9700 §4.14.2',
    severity: 'must',
    mend: 'Invalidate the previous token when its successor is used at the latest.',
    async run(bench) {
      const { answer } = await replayFirst(bench)
      return expectThat(answer.status >= 400 && answer.status < 500, tell(answer))
    },
  },
  {
    id: 'authorization-server.refresh-family',
    rows: ['RT-02'],
    title: 'revokes the whole family when a used refresh token comes back',
    section: 'RFC 9700 §4.14.2',
    severity: 'should',
    mend: 'One of two holders is a thief, and the server cannot know which: end the grant, and let the user sign in.',
    async run(bench) {
      const { client, third, answer } = await replayFirst(bench)
      if (answer.status === 200)
        throw new NotApplicable('the old token works (see authorization-server.refresh-reuse)')
      const after = await bench.refresh(client, third)
      return expectThat(after.status !== 200, `after the reuse, ${tell(after)}`)
    },
  },
  {
    id: 'authorization-server.revocation',
    title: 'ends a refresh token that its client revokes',
    section: 'RFC 7009 §2',
    severity: 'must',
    mend: 'Take the token out of use before the answer is sent.',
    async run(bench) {
      const client = await bench.client('public')
      const { refresh_token: token } = await bench.refreshable(client)
      const revoked = await bench.post('revocation_endpoint', client, {
        token,
        token_type_hint: 'refresh_token',
      })
      if (revoked.status !== 200) return { status: 'failed', evidence: tell(revoked) }
      const answer = await bench.refresh(client, token)
      return expectThat(answer.status >= 400, `after the revocation, ${tell(answer)}`)
    },
  },
]
