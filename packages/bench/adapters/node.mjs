import { createServer } from 'node:http'
import { toNodeListener } from '@gatewright/node'
import { contender, handler } from './handler.mjs'

export const open = () => contender(() => createServer(toNodeListener(handler)))
