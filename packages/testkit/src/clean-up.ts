import type { Bench } from './bench/bench.ts'
import type { Metadata } from './bench/discovery.ts'
import { authenticate } from './bench/tokens.ts'

/** What a run has made at the target, and what is left of it. */
export interface Remains {
  readonly clients: { readonly made: number; readonly left: readonly string[] }
  /** Grants of the test user. */
  readonly grants: { readonly made: number; readonly revoked: number }
}

/** Revokes what was granted and removes the clients that were registered, as far as the server lets one. */
export async function cleanUp(bench: Bench): Promise<Remains> {
  let revoked = 0
  const { revocation_endpoint: endpoint } = await bench.metadata().catch((): Metadata => ({}))
  for (const { client, refresh_token: refresh, access_token: access } of bench.issued) {
    const { form, headers } = authenticate(client)
    const token = refresh ?? access
    if (typeof endpoint !== 'string') break
    const answer = await quietly(bench.send(endpoint, { form: { ...form, token }, headers }))
    if (answer?.status === 200) revoked++
  }
  const left: string[] = []
  for (const { clientId, management } of bench.registered) {
    const headers = { authorization: `Bearer ${management?.token ?? ''}` }
    const answer =
      management === undefined
        ? undefined
        : await quietly(bench.send(management.uri, { method: 'DELETE', headers }))
    // RFC 7592 §2.3
    if (answer?.status !== 204) left.push(clientId)
  }
  return {
    clients: { made: bench.registered.length, left },
    grants: { made: bench.issued.length, revoked },
  }
}

/** Cleaning up goes on when something is gone already. */
async function quietly<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return work.catch(() => undefined)
}
