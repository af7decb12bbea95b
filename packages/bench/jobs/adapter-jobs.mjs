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

const warmUp = 2_000_000

/**
 * Compares servers that are started three times, and tells of each the start in the middle.
 *
 * Most of such a short request is the system's write to the socket, which costs one start of a server half as much again as another.
 */
async function compareStarts(bench, contenders) {
  const starts = []
  while (starts.length < (bench.settings.smoke ? 1 : 3))
    starts.push(await bench.compare(contenders, { http: true, ...(bench.settings.smoke ? {} : { warmUp }) }))
  return contenders.map((_, index) => {
    const rows = starts.map((start) => start[index])
    const sorted = rows.toSorted((one, other) => one.ratio - other.ratio)
    return rows.find(({ failure }) => failure !== undefined) ?? sorted[Math.floor(sorted.length / 2)]
  })
}

/** What an adapter adds to a server of `node:http` that does the same work by hand. */
export const adapterJobs = [
  {
    name: 'adapters',
    title: 'A text answered to a GET: through each adapter, by frameworks alone, and by node:http alone',
    run(bench) {
      const { adapters, alone } = contendersOf('get')
      const [byHand, ...bound] = adapters
      return compareStarts(bench, [byHand, awaited, ...bound, ...alone])
    },
  },
  {
    name: 'adapters-form',
    title: 'A form posted, a small JSON answered: through each adapter, and by node:http alone',
    run: (bench) => compareStarts(bench, contendersOf('form').adapters),
  },
]
