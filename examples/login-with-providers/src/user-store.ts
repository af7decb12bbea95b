import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'

/** A user of the portal. What it says comes from the provider that the user last logged in through. */
export interface PortalUser {
  readonly id: string
  readonly claims: Readonly<Record<string, unknown>>
  /** Name of the provider. */
  readonly provider: string
}

/** The portal's own users. How you keep yours is up to you: these four functions are all that logging in needs. */
export function openUserStore(redis: Redis) {
  const userKey = (id: string) => `portal:user:${id}`
  const identityKey = (key: string) => `portal:identity:${key}`
  return {
    async find(id: string): Promise<PortalUser | undefined> {
      const text = await redis.get(userKey(id))
      return text === null ? undefined : (JSON.parse(text) as PortalUser)
    },
    /** The user who is known by an identity at a provider. */
    findByIdentity: async (key: string): Promise<string | undefined> =>
      (await redis.get(identityKey(key))) ?? undefined,
    /** Makes a user. Of two first logins at the same time, both get the same one. */
    async create(key: string): Promise<string> {
      const id = randomUUID()
      const made = await redis.set(identityKey(key), id, 'NX')
      return made === 'OK' ? id : ((await redis.get(identityKey(key))) ?? id)
    },
    save: (user: PortalUser): Promise<unknown> => redis.set(userKey(user.id), JSON.stringify(user)),
  }
}
