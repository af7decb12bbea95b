// The SDK's advisory GHSA-345p-7cg4-v4c7: a server or transport shared by two clients mixes up equal ids.
import { expect, it } from 'vitest'
import { text } from '../src/index.ts'
import { mint } from './support/issuer.ts'
import { call, lines, post, postModern, request, rpc, testApp } from './support/app.ts'

const ways = lines.flatMap((line) => [
  { way: `${line.line}, handshake`, line, ask: post },
  ...(line.modern ? [{ way: `${line.line}, envelope`, line, ask: postModern }] : []),
])

it.each(ways)('MC-33 200 parallel calls with one id get their own answers ($way)', async ({ line, ask }) => {
  const { handler, registry } = testApp(line)
  registry.register('echo', { description: 'x', public: true }, async (_, caller, extra) => {
    // Answers come back in another order than the calls went out.
    for (let turn = 0; turn < Number(caller.subject.slice(5)) % 7; turn++) await Promise.resolve()
    await extra.progress(1)
    return text(caller.subject)
  })
  const subjects = Array.from({ length: 200 }, (_, index) => `user-${index}`)
  const tokens = await Promise.all(subjects.map((sub) => mint('read:application', { sub })))

  const answers = await Promise.all(tokens.map((token) => rpc(ask(handler, token, call('echo')))))
  expect(answers.map(({ result }) => result?.content)).toEqual(
    subjects.map((subject) => [{ type: 'text', text: subject }]),
  )

  // With a progress token each call goes through a server and a transport of the SDK.
  const streamed = request('tools/call', { name: 'echo', _meta: { progressToken: 1 } })
  const streams = await Promise.all(tokens.map(async (token) => (await ask(handler, token, streamed)).text()))
  for (const [index, stream] of streams.entries())
    expect([...stream.matchAll(/user-\d+/g)].map(([found]) => found)).toEqual([subjects[index]])

  if (ask === postModern) return
  const pair = [call('echo', {}, 1), call('echo', {}, 2)]
  const batches = await Promise.all(tokens.map(async (token) => (await post(handler, token, pair)).text()))
  for (const [index, batch] of batches.entries())
    expect([...batch.matchAll(/user-\d+/g)].map(([found]) => found)).toEqual([
      subjects[index],
      subjects[index],
    ])
})
