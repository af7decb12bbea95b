import { randomBytes } from 'node:crypto'
import { open as openServer } from '../authorization/gatewright.mjs'
import { requestsOf, send } from '../authorization/requests.mjs'

/**
 * Opens a server whose storage holds so many grants besides those that are used: each with its index entries and its refresh family, as
 * a code exchange leaves them.
 */
export async function open({ grants, storage: kind = 'memory', job = 'refresh' }) {
  const committed = []
  let recording = true
  const server = await openServer({
    storage: kind,
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
  const model = JSON.stringify([...records.values()].filter(({ type }) => type === 'insert'))
  const before = memory()
  for (let count = 0; count < grants; count++) {
    const id = randomBytes(16).toString('base64url')
    // A hash of its own each, as it would be.
    const copy = JSON.parse(
      model
        .replaceAll(grant.key.id, id)
        .replaceAll(
          /"(hash|family|current|challenge)":"[\w-]{43}"/g,
          () => '"hash":"' + randomBytes(32).toString('base64url') + '"',
        ),
    )
    for (const operation of copy) await server.storage.commit([withOwnId(operation)], Date.now())
  }
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

/** A note that is named by no grant, such as that of a code challenge, is another one for each. */
function withOwnId(operation) {
  const { key } = operation
  if (!/:p:?/.test(key.partition)) return operation
  return { ...operation, key: { ...key, id: randomBytes(32).toString('base64url') } }
}

function memory() {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
