import { createAdaptorServer } from '@hono/node-server'
import { mount } from '@gatewright/hono'
import { Hono } from 'hono'
import { contender, handler } from './handler.mjs'

export const open = () => contender(() => createAdaptorServer(new Hono().use(mount(handler))))
