import { createAdaptorServer } from '@hono/node-server'
import { mount } from '@gatewright/hono'
import { Hono } from 'hono'
import { contender } from './work.mjs'

/** Opens Hono with the adapter, or `alone` with a route of its own that does the same. */
export const open = ({ work, alone = false }) =>
  contender(work, ({ handler, path, respond }) =>
    createAdaptorServer(alone ? new Hono().get(path, respond) : new Hono().use(mount(handler))),
  )
