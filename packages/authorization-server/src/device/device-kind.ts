import { deviceGrantType } from './device-grant-type.ts'
import type { PolledKind } from '../polling/polled-kind.ts'

/** How device codes are kept and answered. */
export const deviceKind: PolledKind = {
  grantType: deviceGrantType,
  parameter: 'device_code',
  collection: 'device_codes',
  notYours: 'taken_code',
  reused: 'device_code.reused',
}
