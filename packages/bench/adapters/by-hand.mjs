import { createServer } from 'node:http'
import { readSimple, writeSimple } from '../authorization/plain-http.mjs'
import { contender } from './work.mjs'

/** Opens a server of `node:http` that has nothing in front of the work. */
export const open = ({ work }) =>
  contender(work, ({ answer }) =>
    createServer(
      work === 'get'
        ? (_incoming, outgoing) => outgoing.end(answer().body)
        : (incoming, outgoing) => {
            void readSimple(incoming).then(({ body }) =>
              writeSimple(outgoing, { status: 200, ...answer(body) }),
            )
          },
    ),
  )
