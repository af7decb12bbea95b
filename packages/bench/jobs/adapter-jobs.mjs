/** What no handler can be without that may ask a database. */
const awaited = {
  name: 'node:http by hand, from a promise',
  module: 'adapters/by-hand.mjs',
  options: { work: 'get', awaited: true },
}

const contendersOf = (work) => {
  const adapter = (name, file, options = {}) => ({
    name,
    module: `adapters/${file}.mjs`,
    options: { work, ...options },
  })
  return {
    adapters: [
      adapter('node:http by hand', 'by-hand'),
      adapter('node', 'node'),
      adapter('Fastify', 'fastify'),
      adapter('Hono on its server for Node.js', 'hono'),
      adapter('Express', 'express'),
    ],
    alone: ['Fastify', 'Hono', 'Express'].map((name) =>
      adapter(`${name} alone`, name.toLowerCase(), { alone: true }),
    ),
  }
}

/** What an adapter adds to a server of `node:http` that does the same work by hand. */
export const adapterJobs = [
  {
    name: 'adapters',
    title: 'A text answered to a GET: through each adapter, by frameworks alone, and by node:http alone',
    run(bench) {
      const { adapters, alone } = contendersOf('get')
      const [byHand, ...bound] = adapters
      return bench.compare([byHand, awaited, ...bound, ...alone], { http: true })
    },
  },
  {
    name: 'adapters-form',
    title: 'A form posted, a small JSON answered: through each adapter, and by node:http alone',
    run: (bench) => bench.compare(contendersOf('form').adapters, { http: true }),
  },
]
