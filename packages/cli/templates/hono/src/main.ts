import { mount } from '@gatewright/hono'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { handler, settings } from './server.ts'
import { welcome } from './welcome.ts'

const app = new Hono()
app.use(mount(handler, { context: (c) => ({ ip: getConnInfo(c).remote.address }) }))
app.get('/', (c) => c.text('{{name}}'))

serve({ fetch: app.fetch, hostname: 'localhost', port: settings.port }, () => console.log(welcome()))
