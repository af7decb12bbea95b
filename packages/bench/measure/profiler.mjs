import { Session } from 'node:inspector/promises'

/** What a function belongs to, by the file that it is in. The first that fits. */
const kinds = [
  ['fetch objects', /^node:internal\/(deps\/undici|webstreams|abort_controller|blob|event_target)/],
  ['cryptography', /^node:(internal\/crypto|crypto)/],
  ['texts', /^node:(internal\/(url|encoding|buffer|querystring)|buffer|url|querystring|string_decoder)/],
  ['HTTP', /^node:/],
  ['storage', /\/(packages\/storage[\w-]*\/|libsql|ioredis|pg[\w-]*\/)/],
  ['adapter', /\/packages\/(node|express|fastify|hono)\/|\/node_modules\/.*(express|fastify|hono|router)/],
  ['benchmark', /\/packages\/bench\//],
  ['Gatewright', /\/packages\//],
]
const shown = ['Gatewright', 'storage', 'adapter', 'cryptography', 'fetch objects', 'HTTP', 'texts', 'heap']
const texts = new Set(['parse', 'stringify', 'decodeURIComponent', 'encodeURIComponent'])

/** Takes profiles of the processor time of this process, and adds them up. */
export function createProfiler() {
  const session = new Session()
  session.connect()
  const times = new Map()
  return {
    async start() {
      await session.post('Profiler.enable')
      await session.post('Profiler.setSamplingInterval', { interval: 100 })
      await session.post('Profiler.start')
    },
    async stop() {
      const { profile } = await session.post('Profiler.stop')
      addUp(profile, times)
    },
    summary: () => summaryOf([...times.values()]),
  }
}

function addUp({ nodes, samples, timeDeltas }, times) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node
  for (const [index, id] of samples.entries()) {
    const node = byId.get(id)
    const kind = kindOf(node)
    if (kind === undefined) continue
    const { functionName, url, lineNumber } = node.callFrame
    const name = functionName === '' ? 'anonymous' : functionName
    const key = `${name} ${url}:${lineNumber}`
    const known = times.get(key) ?? { name, kind, time: 0 }
    known.time += timeDeltas[index]
    times.set(key, known)
  }
}

/** What a function belongs to; one of the engine belongs to what calls it. `undefined` is no work of the process. */
function kindOf(node) {
  const { functionName, url } = node.callFrame
  if (functionName === '(garbage collector)') return 'heap'
  if (functionName === '(idle)' || functionName === '(root)' || url === 'node:inspector') return undefined
  if (functionName === '(program)') return 'engine'
  if (url === '' && texts.has(functionName)) return 'texts'
  if (url === '') return node.parent === undefined ? undefined : kindOf(node.parent)
  return kinds.find(([, file]) => file.test(url))?.[0] ?? 'engine'
}

/** The share of each kind in percent, and the functions that take most by themselves. */
function summaryOf(functions) {
  const all = functions.filter(({ kind }) => kind !== 'benchmark')
  const total = all.reduce((sum, { time }) => sum + time, 0)
  const share = (some) => (100 * some.reduce((sum, { time }) => sum + time, 0)) / total
  const figures = shown.map((kind) => [`${kind} %`, share(all.filter((one) => one.kind === kind)).toFixed(0)])
  const rest = share(all.filter(({ kind }) => !shown.includes(kind)))
  const most = all.toSorted((one, other) => other.time - one.time).slice(0, 8)
  return {
    figures: { ...Object.fromEntries(figures), 'engine %': rest.toFixed(0) },
    note: most.map((one) => `${one.name} (${one.kind}) ${share([one]).toFixed(1)} %`).join(', '),
  }
}
