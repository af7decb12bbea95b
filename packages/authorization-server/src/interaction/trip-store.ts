import { sha256Base64url } from '@gatewright/core'
import type { PendingLogin } from '@gatewright/core'
import { createVault } from '@gatewright/storage/vault'
import type { Key } from '@gatewright/storage'
import type { ServerContext } from '../server-context.ts'

/** Milliseconds after which a browser may not come back from a provider any more. */
export const tripLifetime = 600_000

/** A browser on its way to a provider and back. */
export interface Trip {
  /** The pending request that it left from. */
  readonly handle: string
  /** Hash of the cookie of the browser that left. */
  readonly browser: string
  readonly pending: PendingLogin
  /** What the user approved before leaving; absent where consent is not asked. */
  readonly approved?: readonly string[] | undefined
}

const context = 'trip'

async function keyOf(state: string, server: ServerContext): Promise<Key> {
  const id = await sha256Base64url(state)
  return { partition: server.partitions.trip(id), collection: 'trips', id }
}

/** Remembers a trip, sealed under its state: a stolen table shows neither a verifier nor a handle. */
export async function storeTrip(trip: Trip, expiresAt: number, now: number, server: ServerContext) {
  const { state } = trip.pending
  const sealed = await createVault({ secrets: state }).seal(JSON.stringify(trip), context)
  const key = await keyOf(state, server)
  const end = Math.min(expiresAt, now + tripLifetime)
  if (
    !(await server.storage.commit(
      [{ type: 'insert', key, value: { schema: 1, sealed }, expiresAt: end }],
      now,
    ))
  )
    throw new Error('the state of a login at a provider is already taken: its random source repeats itself')
}

/** The trip of a state, with the function that takes it away exactly once. */
export async function findTrip(state: string, now: number, server: ServerContext) {
  if (state.length < 32 || state.length > 512) return undefined
  const key = await keyOf(state, server)
  const [stored] = await server.storage.get([key], now)
  if (stored === undefined) return undefined
  const { sealed } = stored.value as { sealed: string }
  const trip = JSON.parse(await createVault({ secrets: state }).open(sealed, context)) as Trip
  const { revision } = stored
  return { trip, consume: () => server.storage.commit([{ type: 'delete', key, revision }], now) }
}
