import type { PolledKind } from '../polling/polled-kind.ts'
import { cibaGrantType } from './ciba-grant-type.ts'

/** How backchannel authentication requests are kept and answered. */
export const cibaKind: PolledKind = {
  grantType: cibaGrantType,
  parameter: 'auth_req_id',
  collection: 'backchannel_requests',
  notYours: 'other_account',
  reused: 'backchannel_request.reused',
  // The client asked who the user is; without the answer there is none.
  requires: 'openid',
}
