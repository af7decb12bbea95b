import type { RequestParameters } from '../requests/request-parameters.ts'

/** The client that a request names and brings no credentials of; an empty `client_secret` is one, since some libraries always send the field. */
export function bareClientId(headers: Headers, parameters: RequestParameters): string | undefined {
  const others = ['client_secret', 'client_assertion'].some((name) => parameters.get(name) !== undefined)
  return others || headers.has('authorization') ? undefined : parameters.get('client_id')
}
