import { reasons } from './reasons.mjs'

// Where a goal is read from: a job, a group of its rows, a row, and what is compared with the limit.
const ratio = (job, how, limit, row = 'gatewright') => ({ job, how, row, read: ({ ratio }) => ratio, limit })
const cpu = (job, limit, row = 'gatewright') => ({
  job,
  how: 'in process',
  row,
  read: ({ cpu }) => cpu,
  limit,
  unit: 'µs',
})
const figure = (job, row, name, limit, unit) => ({
  job,
  row,
  read: ({ figures }) => Number(figures[name]),
  limit,
  unit,
})

const besideFloor = (name, inProcess, overHttp) => [
  { goal: `${name}, in process, over the floor`, ...ratio(name, 'in process', inProcess) },
  ...(overHttp === undefined
    ? []
    : [{ goal: `${name}, over HTTP, over the floor`, ...ratio(name, 'HTTP', overHttp) }]),
]

/** Peers are what is neither the floor nor Gatewright; without any, nothing can be said. */
const overPeers = (name) => ({
  goal: `${name}, over HTTP, over the cheapest peer`,
  job: name,
  how: 'HTTP',
  row: 'gatewright',
  read({ cpu }, rows) {
    const peers = rows.filter((row) => !/^(?:floor|gatewright)/.test(row.name) && row.cpu !== undefined)
    return peers.length === 0 ? Number.NaN : cpu / Math.min(...peers.map((row) => row.cpu))
  },
  limit: 1,
})

/** The goals, in the order of the results. `least` says that more is better. */
const goals = [
  ...besideFloor('authorize', 4, 2),
  ...['code', 'refresh', 'client-credentials'].flatMap((name) => [
    ...besideFloor(name, 1.6, 1.4),
    overPeers(name),
  ]),
  ...besideFloor('introspect', 3),
  ...besideFloor('revoke', 3),
  ...besideFloor('register', 4),
  { goal: 'adapter for node:http, over it by hand', ...ratio('adapters', 'HTTP', 1.15, 'node') },
  { goal: 'adapter for Fastify', ...ratio('adapters', 'HTTP', 1.15, 'Fastify') },
  { goal: 'adapter for Hono', ...ratio('adapters', 'HTTP', 1.25, 'Hono on its server for Node.js') },
  { goal: 'adapter for Express', ...ratio('adapters', 'HTTP', 1.8, 'Express') },
  { goal: 'verify, not seen before, over the signature alone', ...ratio('verify', 'in process', 1.15) },
  { goal: 'verify, seen before', ...cpu('verify-cached', 3) },
  { goal: 'gate, token seen before', ...cpu('gate', 5) },
  ...[10, 10_000].map((count) => ({
    goal: `tools/call among ${count.toLocaleString('en')} tools: how much dearer McpServer of SDK v1 is`,
    ...ratio(`tools-call-${count}`, 'beside the SDKs', 10, 'SDK v1, McpServer for each request'),
    least: true,
  })),
  {
    goal: 'tools/list of 10,000 tools, over JSON.stringify of the result',
    ...cpu('tools-list-10000', 0.15, 'gatewright on SDK v2'),
    over: 'JSON.stringify of the result',
    unit: undefined,
  },
  {
    goal: 'tools/list of 10,000 tools for the first time, over JSON.stringify of the result',
    ...ratio('tools-list-first', 'in process', 0.7, 'gatewright on SDK v2'),
  },
  { goal: 'redirect URI among 1,000', ...cpu('redirect-match-1000', 1) },
  ...['code', 'refresh'].map((job) => ({
    goal: `round trips to the storage: ${job}`,
    job: 'round-trips',
    row: job,
    read: ({ figures }) => figures.get + figures.commit,
    limit: 2,
  })),
  // The trips that do nothing are a limit that no write reaches; the same trips by hand show what the contract costs.
  ...['2 bare round trips', 'the same by hand'].flatMap((over) =>
    ['postgres', 'redis'].map((kind) => ({
      goal: `${kind}: wall time of a rotation over that of ${over}`,
      job: `round-trips-${kind}`,
      row: kind,
      over,
      read: ({ wall }) => wall,
      limit: 1 / 0.7,
    })),
  ),
  {
    goal: 'SQLite: a rotation, over its transaction by hand',
    ...ratio('sqlite-transaction', 'in process', 1.2, 'sqlite'),
  },
  ...['memory', 'sqlite', 'postgres', 'redis'].map((kind) => ({
    goal: `${kind}: refresh among 1,000,000 grants, over one among 1,000`,
    job: 'growth',
    row: `${kind}, 1,000,000 grants`,
    over: `${kind}, 1,000 grants`,
    // What a server of its own does for it is no work of this process.
    read: ({ cpu, wall }) => (kind === 'postgres' || kind === 'redis' ? wall : cpu),
    limit: 1.2,
  })),
  { goal: 'memory storage, 100,000 grants', ...figure('memory', 'memory', 'MB per 100,000', 60, 'MB') },
  {
    goal: 'sweep of 1,000,000 records: longest turn',
    ...figure('expiry', '1,000,000 records, all expired', 'longest ms', 2, 'ms'),
  },
  {
    goal: 'import of the authorization server, over an empty process',
    ...figure('import', 'authorization-server', 'over empty', 30, 'ms'),
  },
  ...[
    ['authorization server, composed for MCP clients', 'composed for MCP clients', 40],
    [
      'authorization server, composed for MCP clients, without jose',
      'composed for MCP clients, without jose',
      25,
    ],
    ['redirect-uri', 'redirect-uri', 2],
    ['pkce', 'pkce', 1],
  ].map(([goal, name, limit]) => ({
    goal: `bundle of ${goal}`,
    ...figure('size', name, 'KB gzipped', limit, 'KB'),
  })),
  {
    goal: 'sustained: 99th percentile over median',
    ...figure('sustained', 'gatewright', 'p99 / median', 10),
  },
]

/** Each goal that was measured: what came out, whether that is enough, and what stands in the way where it is not. */
export function judge(results) {
  return goals.flatMap((goal) => {
    const rows = results.find(({ name }) => name === goal.job)?.rows ?? []
    const group = rows.filter(({ how }) => goal.how === undefined || how === goal.how)
    const find = (name) => group.find((row) => row.name === name)
    const row = find(goal.row)
    const base = goal.over === undefined ? undefined : find(goal.over)
    if (row === undefined || row.failure !== undefined || (goal.over !== undefined && base === undefined))
      return []
    const measured = base === undefined ? goal.read(row, group) : goal.read(row) / goal.read(base)
    if (!Number.isFinite(measured)) return []
    const met = goal.least === true ? measured >= goal.limit : measured <= goal.limit
    return [{ ...goal, measured, met, reason: met ? undefined : reasons[goal.goal] }]
  })
}
