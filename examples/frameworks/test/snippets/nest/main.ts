import 'reflect-metadata'
import { mount } from '@gatewright/express'
import { NestFactory } from '@nestjs/core'
import { handler } from '../handler.ts'
import { AppModule } from './app-module.ts'

export async function start(port: number) {
  const app = await NestFactory.create(AppModule)
  // Before listen(), which adds the body parsers.
  app.use(mount(handler))
  await app.listen(port)
  return app
}
