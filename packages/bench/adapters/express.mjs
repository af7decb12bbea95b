import { createServer } from 'node:http'
import { mount } from '@gatewright/express'
import express from 'express'
import { contender } from './work.mjs'

/** Opens Express with the adapter, or `alone` with a route of its own that does the same. */
export const open = ({ work, alone = false }) =>
  contender(work, ({ handler, path, answer }) =>
    createServer(
      alone
        ? express().get(path, (_request, response) => void response.end(answer().body))
        : express().use(mount(handler)),
    ),
  )
