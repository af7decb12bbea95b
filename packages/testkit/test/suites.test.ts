// Every suite against a server that is right.
import { describe } from 'vitest'
import {
  describeAttacks,
  describeAuthorizationServer,
  describeClientQuirks,
  describeResourceServer,
} from '@gatewright/testkit/vitest'
import { targetByHandler, targetByUrl } from './support/target.ts'

describe.each([
  ['a handler', () => targetByHandler()],
  ['a URL', targetByUrl],
] as const)('the target as %s', (_way, start) => {
  describeResourceServer('resource server', start)
  describeAuthorizationServer('authorization server', start)
  describeAttacks('attacks', start)
  describeClientQuirks('client quirks', start)
})
