import { randomBytes } from 'node:crypto'
import { openStorage } from './open-storage.mjs'

const value = {
  schema: 1,
  clientId: 'app',
  subject: 'alice',
  scope: 'read:application',
  text: 'x'.repeat(400),
}
const keyOf = (id) => ({ partition: `bench:g:${id}`, collection: 'grants', id })

/** Opens one operation of the storage contract on a storage of a kind. */
export async function open({ kind, operation }) {
  const { storage } = await openStorage(kind)
  const now = Date.now()
  const expiresAt = now + 3_600_000

  async function insert(key) {
    if (!(await storage.commit([{ type: 'insert', key, value, expiresAt }], now)))
      throw new Error('not inserted')
  }
  async function replace({ key, revision }, also = []) {
    const changed = { type: 'replace', key, revision, value, expiresAt }
    if (!(await storage.commit([changed, ...also], now))) throw new Error('not replaced')
  }
  async function get(key) {
    const [stored] = await storage.get([key], now)
    if (stored === undefined) throw new Error('not found')
    return stored
  }
  const fresh = () => keyOf(randomBytes(16).toString('base64url'))
  const stored = async () => {
    const key = fresh()
    await insert(key)
    return key
  }
  const operations = {
    insert: { make: async () => fresh(), run: insert },
    get: { make: stored, run: get },
    replace: { make: async () => get(await stored()), run: replace },
    // What a refresh does: one read of two records, one commit of two operations.
    rotate: {
      make: stored,
      async run(key) {
        const note = { ...key, collection: 'refresh_repeats', id: 'repeat' }
        const [grant] = await storage.get([key, note], now)
        await replace(grant, [{ type: 'insert', key: note, value, expiresAt }])
      },
    },
  }
  const { make, run } = operations[operation]
  return {
    async prepare(count) {
      const inputs = []
      for (let index = 0; index < count; index++) inputs.push(await make())
      return inputs
    },
    run,
  }
}
