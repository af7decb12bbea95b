import { mount } from '@gatewright/express'
import express from 'express'
import { handler, settings } from './server.ts'
import { welcome } from './welcome.ts'

const app = express()
app.disable('x-powered-by')
app.use(mount(handler))
app.get('/', (_request, response) => void response.send('{{name}}'))

app.listen(settings.port, 'localhost', (error?: Error) => {
  if (error !== undefined) throw error
  console.log(welcome())
})
