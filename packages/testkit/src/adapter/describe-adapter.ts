import { describe } from 'vitest'
import { describeAborts } from './describe-aborts.ts'
import { describeAddresses } from './describe-addresses.ts'
import { describeErrors } from './describe-errors.ts'
import { describeFallThrough } from './describe-fall-through.ts'
import { describeForms } from './describe-forms.ts'
import { describeHeaders } from './describe-headers.ts'
import { describeRequestBodies } from './describe-request-bodies.ts'
import { describeResponses } from './describe-responses.ts'
import { describeStreams } from './describe-streams.ts'
import { describeTargets } from './describe-targets.ts'
import { createRig } from './rig.ts'
import type { AdapterTraits, StartAdapter } from './start-adapter.ts'

/**
 * Describes what every adapter must do, as tests over real sockets.
 *
 * @param start starts a server on 127.0.0.1 with the handler mounted
 * @param traits what is special about that server
 */
export function describeAdapter(name: string, start: StartAdapter, traits: AdapterTraits = {}): void {
  const rig = createRig(start, traits)
  describe(name, () => {
    describeTargets(rig)
    describeHeaders(rig)
    describeRequestBodies(rig)
    describeForms(rig)
    describeResponses(rig)
    describeStreams(rig)
    describeErrors(rig)
    describeAborts(rig)
    describeFallThrough(rig)
    describeAddresses(rig)
  })
}
