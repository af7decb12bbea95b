/** Under this symbol a light request keeps how the one is found that the server knows. */
export const wholeOf = Symbol('whole request')

/**
 * Makes a prototype for requests that have the parts of a request of `@hono/node-server`, and no signal or stream of their own: they
 * ask the one that the server knows.
 *
 * Gives `undefined` where requests are not built as they are known to be.
 */
export function lightPrototype(prototype: object): object | undefined {
  const controllerKey = symbolOf(prototype, 'getAbortController')
  if (controllerKey === undefined) return undefined
  // Whatever needs more than the message asks for the controller of the signal first, a body that becomes a stream too.
  return Object.create(prototype, {
    [controllerKey]: {
      value(this: { [wholeOf]: () => unknown }): unknown {
        return (this[wholeOf]() as Record<symbol, () => unknown>)[controllerKey]?.()
      },
    },
  }) as object
}

/** The symbol of a name under which an object keeps something. */
export function symbolOf(owner: object, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(owner).find(({ description }) => description === name)
}
