import { createServer } from 'node:http'
import { toNodeListener } from '@gatewright/node'
import { handler, settings } from './server.ts'
import { welcome } from './welcome.ts'

createServer(toNodeListener(handler)).listen(settings.port, 'localhost', () => console.log(welcome()))
