import { inject } from 'light-my-request'

/** Calls a listener of `node:http` in process, as `call` of a server does. */
export function injecting(listener) {
  return async ({ method, path, headers, body }) => {
    const answer = await inject(listener, { method, url: path, headers, payload: body ?? '' })
    return { status: answer.statusCode, location: answer.headers.location, body: answer.payload }
  }
}
