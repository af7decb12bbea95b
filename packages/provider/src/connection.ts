import { defaultRuntime } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'
import { allowInsecureRequests, clockSkew, clockTolerance, customFetch } from 'oauth4webapi'
import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi'
import type { JWTVerifyGetKey } from 'jose'
import type { ClaimMapping } from './claims/claim-mapping.ts'

/** Everything that requests to one provider share. */
export interface Connection {
  readonly id: string
  readonly displayName: string
  readonly clientId: string
  readonly authentication: ClientAuth
  /** What is known about the provider; discovered when it is first needed. */
  server(): Promise<AuthorizationServer>
  readonly send: typeof fetch
  keys(url: string): JWTVerifyGetKey
  readonly scope: string | undefined
  readonly pkce: boolean
  readonly checksIssuer: boolean
  readonly authorizationParameters: Readonly<Record<string, string>>
  readonly moreUserinfo: Readonly<Record<string, string>>
  readonly mapping: ClaimMapping
  readonly emailDomains: readonly string[] | undefined
  readonly runtime: Pick<Runtime, 'now' | 'randomBytes'>
}

/** Us, as oauth4webapi wants to know it: with the clock that was passed in. */
export function clientOf({ clientId, runtime }: Connection): Client {
  return {
    client_id: clientId,
    [clockSkew]: Math.round((runtime.now() - defaultRuntime.now()) / 1000),
    [clockTolerance]: 60,
  }
}

/** How oauth4webapi sends a request. Which schemes and addresses are permitted, the fetch decides. */
export function requestOptions({ send }: Connection) {
  return { [customFetch]: send as never, [allowInsecureRequests]: true }
}

/** Whether ID tokens are asked for, and can be verified. */
export function expectsIdToken({ scope }: Connection, { jwks_uri: keys }: AuthorizationServer): boolean {
  return keys !== undefined && (scope ?? '').split(' ').includes('openid')
}
