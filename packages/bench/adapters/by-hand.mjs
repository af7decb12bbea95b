import { createServer } from 'node:http'
import { readSimple, writeSimple } from '../authorization/plain-http.mjs'
import { answerTo, contender } from './handler.mjs'

export const open = () =>
  contender(() =>
    createServer((incoming, outgoing) => {
      void readSimple(incoming).then(({ body }) =>
        writeSimple(outgoing, {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: answerTo(new URLSearchParams(body)),
        }),
      )
    }),
  )
