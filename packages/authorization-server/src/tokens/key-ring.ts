import type { Signer } from '@gatewright/core'
import type { Vault } from '@gatewright/storage/vault'
import { publishedSlots, signsAt, withGeneration, withRetired } from './key-plan.ts'
import type { KeyPlan, KeySchedule, KeySlot } from './key-plan.ts'
import { createKeyPlanStore } from './key-plan-store.ts'
import { createKeyRecord, loadSigner } from './key-record.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeySummary } from './managed-keys.ts'
import type { KeyRing, KeyServices, SigningAlgorithm } from './signing-keys.ts'

/** A published key with its place in the plan. */
interface PublishedKey {
  readonly slot: KeySlot
  readonly signer: Signer
}

/** Opens the keys that follow a schedule, and what an administrator has changed about it. */
export function openKeyRing(
  algorithm: SigningAlgorithm,
  schedule: KeySchedule,
  vault: Vault | undefined,
  services: KeyServices,
): KeyRing {
  const { storage, partition } = services
  const name = `${algorithm}.${schedule.period / 1000}`
  const plans = createKeyPlanStore(name, services)
  const loaded = new Map<string, { slot: KeySlot; signer: Promise<Signer | undefined> }>()
  // The key that signed last, until its time is over or an administrator changes the plan: each change is another object.
  let signing: { readonly plan: KeyPlan; readonly slot: KeySlot; readonly signer: Signer } | undefined

  // The id says which key it is, so that of several processes that make it at once exactly one does.
  const idOf = ({ generation, period }: KeySlot) =>
    generation === 0 ? `${name}.${period}` : `${name}.${period}.${generation}`
  const keyOf = (slot: KeySlot) => ({ partition, collection: 'signing_keys', id: idOf(slot) })

  async function fetchKey(slot: KeySlot, create: boolean, now: number): Promise<Signer | undefined> {
    const [stored] = await storage.get([keyOf(slot)], now)
    if (stored !== undefined) return loadSigner(stored.value as KeyRecord, vault)
    if (!create) return undefined
    const record = await createKeyRecord(algorithm, vault)
    const expiresAt = (slot.period + 1) * schedule.period + schedule.keep
    await storage.commit([{ type: 'insert', key: keyOf(slot), value: { ...record }, expiresAt }], now)
    // Whoever was first, the stored record decides.
    return fetchKey(slot, false, now)
  }

  /** One load per key, however many requests wait for it; a failed one is tried again. */
  function load(slot: KeySlot, now: number): Promise<Signer | undefined> {
    const id = idOf(slot)
    const known = loaded.get(id)
    if (known !== undefined) return known.signer
    const signer = fetchKey(slot, slot.until > now, now)
    loaded.set(id, { slot, signer })
    signer.then(
      // A key that is not there may be made yet, by a process whose clock is behind or by this one when its clock is set back.
      (found) => found === undefined && loaded.delete(id),
      () => loaded.delete(id),
    )
    const current = Math.floor(now / schedule.period)
    for (const [old, { slot }] of loaded) if (slot.period < current - 2) loaded.delete(old)
    return signer
  }

  async function published(now: number): Promise<PublishedKey[]> {
    const plan = await plans.read(now)
    const slots = publishedSlots(plan, schedule, now)
    const keys = await Promise.all(slots.map(async (slot) => ({ slot, signer: await load(slot, now) })))
    const retired = new Set(plan.retired.map(({ kid }) => kid))
    return keys.filter((key): key is PublishedKey => key.signer !== undefined && !retired.has(key.signer.kid))
  }

  const summarize = ({ slot, signer }: PublishedKey, now: number): KeySummary => ({
    kid: signer.kid,
    algorithm,
    state: signsAt(slot, now) ? 'signing' : slot.from > now ? 'next' : 'past',
    from: slot.from,
    until: slot.until,
    publishedUntil: slot.until + schedule.keep,
  })

  return {
    async signer(now, wanted = algorithm) {
      if (wanted !== algorithm) throw new TypeError(`there is no signing key for ${wanted}`)
      const plan = await plans.read(now)
      if (signing?.plan === plan && signsAt(signing.slot, now)) return signing.signer
      const slot = publishedSlots(plan, schedule, now).find((found) => signsAt(found, now))
      const signer = slot === undefined ? undefined : await load(slot, now)
      if (slot === undefined || signer === undefined)
        throw new Error('the storage lost the signing key that was just stored')
      signing = { plan, slot, signer }
      return signer
    },
    jwks: async (now) => ({ keys: (await published(now)).map(({ signer }) => signer.publicJwk) }),
    managed: {
      list: async (now) => (await published(now)).map((key) => summarize(key, now)),
      async rotate(immediately, now) {
        const from = immediately ? now : now + schedule.ahead
        await plans.change((plan) => withGeneration(plan, from, schedule, now), now)
        const made = (await published(now)).find(({ slot }) => slot.from === from)
        if (made === undefined) throw new Error('another administrator has rotated the keys at the same time')
        return summarize(made, now)
      },
      async retire(kid, now) {
        const key = (await published(now)).find(({ signer }) => signer.kid === kid)
        if (key === undefined) return false
        await plans.change((plan) => {
          const retired = withRetired(plan, kid, schedule, now)
          // One that signs, or is about to, needs another in its place.
          return key.slot.until > now ? withGeneration(retired, now, schedule, now) : retired
        }, now)
        await storage.commit([{ type: 'delete', key: keyOf(key.slot) }], now)
        loaded.delete(idOf(key.slot))
        return true
      },
    },
  }
}
