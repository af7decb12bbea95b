import { toNodeListener } from '@gatewright/node'
import { fromNodeMiddleware } from 'h3'
import { handler } from '../../../handler.ts'

export default fromNodeMiddleware(toNodeListener(handler, { trustedProxies: [] }))
