import type { User } from '@gatewright/authorization-server'
import type { Json, Storage } from '@gatewright/storage'

/** The users who came from providers, in the storage, so that every process knows them. */
export function openProviderUsers(storage: Storage) {
  const keyOf = (id: string) => ({ partition: `target:u:${id}`, collection: 'provider_users', id })
  const read = async (id: string) => (await storage.get([keyOf(id)], Date.now()))[0]
  return {
    find: async (id: string): Promise<User | undefined> => {
      const stored = await read(id)
      return stored && { claims: stored.value as Readonly<Record<string, unknown>> }
    },
    async save(id: string, claims: Readonly<Record<string, unknown>>): Promise<void> {
      const what = { key: keyOf(id), value: JSON.parse(JSON.stringify(claims)) as Json, expiresAt: null }
      const stored = await read(id)
      await storage.commit(
        [
          stored === undefined
            ? { type: 'insert', ...what }
            : { type: 'replace', revision: stored.revision, ...what },
        ],
        Date.now(),
      )
    },
  }
}
