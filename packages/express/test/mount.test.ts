import { createServer } from 'node:http'
import express5 from 'express'
import express4 from 'express4'
import { appAnswer, describeAdapter, listen } from '@gatewright/testkit/adapter'
import { mount } from '../src/index.ts'

for (const [version, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
] as const) {
  describeAdapter(
    version,
    (handler, options) => {
      const app = express()
      app.use(mount(handler, options))
      app.use(appAnswer)
      return listen(createServer(app))
    },
    { app: true },
  )

  for (const extended of [true, false])
    describeAdapter(
      `${version} after express.json() and express.urlencoded({ extended: ${extended} })`,
      (handler, options) => {
        const app = express()
        app.use(express.json(), express.urlencoded({ extended }))
        app.use(mount(handler, options))
        app.use(appAnswer)
        return listen(createServer(app))
      },
      { app: true, parsed: true },
    )

  describeAdapter(
    `${version} under a prefix`,
    (handler, options) => {
      const app = express()
      app.use('/auth', mount(handler, options))
      app.use(appAnswer)
      return listen(createServer(app))
    },
    { app: true, prefix: '/auth' },
  )

  describeAdapter(
    `${version} in an app under a prefix`,
    (handler, options) => {
      const app = express()
      const inner = express()
      inner.use(mount(handler, options))
      app.use('/tenants/a', inner)
      app.use(appAnswer)
      return listen(createServer(app))
    },
    { app: true, prefix: '/tenants/a' },
  )
}
