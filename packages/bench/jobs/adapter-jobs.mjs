const adapter = (name, file) => ({ name, module: `adapters/${file}.mjs` })

/** What an adapter adds to a server of `node:http` that does the same work by hand. */
export const adapterJobs = [
  {
    name: 'adapters',
    title: 'A form posted, a small JSON answered: through each adapter, and by node:http alone',
    run: (bench) =>
      bench.compare(
        [
          adapter('node:http by hand', 'by-hand'),
          adapter('node', 'node'),
          adapter('Fastify', 'fastify'),
          adapter('Hono on its server for Node.js', 'hono'),
          adapter('Express', 'express'),
        ],
        { http: true },
      ),
  },
]
