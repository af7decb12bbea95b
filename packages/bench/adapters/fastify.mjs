import { mount } from '@gatewright/fastify'
import { fastify } from 'fastify'
import { contender, handler } from './handler.mjs'

export const open = () =>
  contender(async () => {
    const app = fastify()
    app.register(mount(handler))
    await app.ready()
    return app.server
  })
