import { createServer } from 'node:http'
import { readSimple, writeSimple } from '../authorization/plain-http.mjs'
import { contender } from './work.mjs'

/**
 * Opens a server of `node:http` that has nothing in front of the work. `awaited` lets the text come from a promise, with a head of its
 * own, as every handler's does that may ask a database.
 */
export const open = ({ work, awaited = false }) =>
  contender(work, ({ answer }) =>
    createServer(
      work === 'get' && !awaited
        ? (_incoming, outgoing) => outgoing.end(answer().body)
        : (incoming, outgoing) => {
            void readSimple(incoming).then(({ body }) =>
              writeSimple(outgoing, { status: 200, ...answer(body) }),
            )
          },
    ),
  )
