import { requestsOf, send } from './requests.mjs'

/** What an answer must have, so that a server that refuses is never taken for a fast one. */
const wanted = {
  authorize: ({ location }) => /[?&]code=/.test(location),
  'metadata-document': ({ body }) => /id="consent"/.test(body),
  code: ({ body }) => /"access_token"/.test(body) && /"refresh_token"/.test(body),
  refresh: ({ body }) => /"access_token"/.test(body) && /"refresh_token"/.test(body),
  'client-credentials': ({ body }) => /"access_token"/.test(body),
  exchange: ({ body }) => /"access_token"/.test(body),
  device: ({ body }) => /"user_code"/.test(body),
  introspect: ({ body }) => /"active": ?true/.test(body),
  revoke: () => true,
  register: ({ body }) => /"client_id"/.test(body),
}

/** Opens a server for one job: in process, or behind its listener. */
export async function open({ server: file, job, ...options }) {
  const server = await (await import(new URL(`../${file}`, import.meta.url).href)).open(options)
  const requests = requestsOf(server)
  const make = requests[job]
  if (job === 'flow') return { run: make }
  const isRight = wanted[job]
  const first = await send(server, await make())
  if (!isRight(first)) throw new Error(`${job} answered ${JSON.stringify(first)}`)
  return {
    async prepare(count) {
      const made = []
      for (let index = 0; index < count; index++) made.push(await make())
      return made
    },
    async run({ expect, ...request }) {
      const answer = await server.call(request)
      if (answer.status !== expect || !isRight(answer))
        throw new Error(`${job} answered ${JSON.stringify(answer)}`)
    },
    listener: server.listener,
    server: server.server,
    about: server.about,
  }
}
