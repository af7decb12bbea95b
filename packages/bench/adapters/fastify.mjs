import { mount } from '@gatewright/fastify'
import { fastify } from 'fastify'
import { contender } from './work.mjs'

/** Opens Fastify with the adapter, or `alone` with a route of its own that does the same. */
export const open = ({ work, alone = false }) =>
  contender(work, async ({ handler, path, answer }) => {
    const app = fastify()
    if (alone) app.get(path, async () => answer().body)
    else app.register(mount(handler))
    await app.ready()
    return app.server
  })
