import { Controller, Get, Module } from '@nestjs/common'

class AppController {
  hello(): string {
    return 'my app'
  }
}

// Decorators as functions, because the tests run without a transform for them.
Controller()(AppController)
Get('/')(
  AppController.prototype,
  'hello',
  Object.getOwnPropertyDescriptor(AppController.prototype, 'hello') ?? {},
)

/** In the place of your module. */
export class AppModule {
  readonly name = 'my app'
}
Module({ controllers: [AppController] })(AppModule)
