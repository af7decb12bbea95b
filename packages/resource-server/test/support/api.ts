import { defaultRuntime, type GatewrightEvent } from '@gatewright/core'
import { createResourceServer, type ResourceServerOptions } from '../../src/index.ts'
import { ecKey, issuer, resource, scopes, testClock } from './issuer.ts'

type Name = (typeof scopes.names)[number]

/** A resource server on a clock of its own that records its events. */
export function testApi(options: Partial<ResourceServerOptions<Name>> = {}) {
  const clock = testClock()
  const events: GatewrightEvent[] = []
  const api = createResourceServer({
    issuer,
    resource,
    scopes,
    jwks: { keys: [ecKey.jwk] },
    runtime: { ...defaultRuntime, now: clock.now },
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { api, clock, events }
}

/** A resource server that discovers its keys with this `fetch`. */
export function discoveringApi(
  fetcher: typeof fetch,
  options: Partial<ResourceServerOptions<Name>> = {},
  clock = testClock(),
) {
  const { api, events } = testApi({
    jwks: undefined,
    runtime: { ...defaultRuntime, now: clock.now, fetch: fetcher },
    ...options,
  })
  return { api, clock, events }
}
