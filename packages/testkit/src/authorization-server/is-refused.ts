import { tell } from '../bench/answer.ts'
import { arrivalOf } from '../bench/authorization.ts'
import type { Changes } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import type { TestClient } from '../bench/clients.ts'
import { eachPasses, expectThat, NotApplicable } from '../check.ts'
import type { Verdict } from '../check.ts'

/** That an authorization request is refused, and an honest one of the same client is not. */
export async function isRefused(bench: Bench, client: TestClient, changes: Changes): Promise<Verdict> {
  await expectHonest(bench, client)
  const answer = await bench.ask(client, changes)
  const arrival = arrivalOf(answer, answer.draft.redirectUri)
  return expectThat(arrival.startsWith('refused'), `${JSON.stringify(changes)}: ${tell(answer)}`)
}

/** The same of several requests. */
export function areRefused(bench: Bench, client: TestClient, each: readonly Changes[]): Promise<Verdict> {
  return eachPasses(each, (changes) => isRefused(bench, client, changes))
}

const honest = new WeakMap<Bench, Map<TestClient, Promise<string | undefined>>>()

/** Without this, a server that refuses everything would pass. */
export async function expectHonest(bench: Bench, client: TestClient): Promise<void> {
  const known = honest.get(bench) ?? new Map<TestClient, Promise<string | undefined>>()
  honest.set(bench, known)
  const problem =
    known.get(client) ??
    bench
      .ask(client)
      .then((answer) =>
        arrivalOf(answer, answer.draft.redirectUri).startsWith('refused') ? tell(answer) : undefined,
      )
  known.set(client, problem)
  const told = await problem
  if (told !== undefined) throw new NotApplicable(`an honest request is refused: ${told}`)
}
