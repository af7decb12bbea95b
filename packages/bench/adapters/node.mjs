import { createServer } from 'node:http'
import { toNodeListener } from '@gatewright/node'
import { contender } from './work.mjs'

export const open = ({ work }) => contender(work, ({ handler }) => createServer(toNodeListener(handler)))
