import { open as openServer } from '../authorization/gatewright.mjs'
import { requestsOf, send } from '../authorization/requests.mjs'

/** Opens a server that counts the calls of its storage, and does a job once. */
export async function open({ job }) {
  const trips = { get: 0, commit: 0 }
  const server = await openServer({
    wrap: (storage) => ({
      ...storage,
      get: (...parameters) => (trips.get++, storage.get(...parameters)),
      commit: (...parameters) => (trips.commit++, storage.commit(...parameters)),
    }),
  })
  const make = requestsOf(server)[job]
  await send(server, await make())
  const request = await make()
  Object.assign(trips, { get: 0, commit: 0 })
  await send(server, request)
  return { run() {}, answers: { trips: () => trips } }
}
