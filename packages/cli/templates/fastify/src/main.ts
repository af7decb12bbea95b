import { mount } from '@gatewright/fastify'
import { fastify } from 'fastify'
import { handler, settings } from './server.ts'
import { welcome } from './welcome.ts'

const app = fastify()
app.register(mount(handler))
app.get('/', () => '{{name}}')

await app.listen({ port: settings.port, host: 'localhost' })
console.log(welcome())
