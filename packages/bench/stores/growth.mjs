import { open as openServer } from '../authorization/gatewright.mjs'
import { requestsOf, send } from '../authorization/requests.mjs'
import { fillerOf } from './fill-storage.mjs'
import { secret } from './secret.mjs'

const atOnce = 5000

/**
 * Opens a server whose storage holds so many grants besides those that are used: each with its index entries and its refresh family, as
 * a code exchange leaves them.
 */
export async function open({ grants, storage: kind = 'memory', job = 'refresh' }) {
  const committed = []
  let recording = true
  const server = await openServer({
    storage: kind,
    schema: `bench_${grants}`,
    wrap: (storage) => ({
      ...storage,
      async commit(operations, now) {
        const done = await storage.commit(operations, now)
        if (recording) committed.push(...operations)
        return done
      },
    }),
  })
  const requests = requestsOf(server)
  committed.length = 0
  await send(server, await requests.code())
  recording = false
  const grant = committed.findLast(
    ({ key }) => key.collection === 'grants' && key.id === key.partition.slice(-22),
  )
  const records = new Map(
    committed.map((operation) => [JSON.stringify(operation.key), { ...operation, type: 'insert' }]),
  )
  // What another grant would have too is there already.
  const own = [...records.values()].filter(
    ({ key }) => JSON.stringify(key).includes(grant.key.id) || isNote(key),
  )
  const copyOfGrant = copierOf(JSON.stringify(own), grant.key.id)

  const before = memory()
  await fill(fillerOf(kind, server.opened), grants, copyOfGrant)
  const after = memory()
  return {
    async prepare(count) {
      const made = []
      for (let index = 0; index < count; index++) made.push(await requests[job]())
      return made
    },
    run: (request) => send(server, request),
    answers: { bytesPerGrant: () => (after - before) / grants },
  }
}

/** A function of its own, so that nothing of the last grants is held by the caller, who then measures. */
async function fill(insertAll, grants, copyOfGrant) {
  let filling
  for (let count = 0; count < grants; count += atOnce) {
    const copies = Array.from({ length: Math.min(atOnce, grants - count) }, copyOfGrant).flat()
    // The next ones are made while a database takes these.
    await filling
    filling = insertAll(copies)
  }
  await filling
}

/** Makes a function that copies what belongs to a grant: with an id of its own, and hashes of its own, as they would be. */
function copierOf(model, grantId) {
  const pieces = model.split(new RegExp(`(${grantId}|(?<="(?:hash|family|current|challenge)":")[\\w-]{43})`))
  return () => {
    const id = secret(16)
    let text = ''
    for (const [index, piece] of pieces.entries())
      text += index % 2 === 0 ? piece : piece === grantId ? id : secret(32)
    return JSON.parse(text).map(withOwnId)
  }
}

/** A note that is named by no grant, such as that of a code challenge, is another one for each. */
function withOwnId(operation) {
  const { key } = operation
  if (!isNote(key)) return operation
  return { ...operation, key: { ...key, id: secret(32) } }
}

function isNote({ partition }) {
  return /:p:?/.test(partition)
}

function memory() {
  globalThis.gc?.()
  globalThis.gc?.()
  // What is kept as bytes lies beside the heap.
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
