const counts = [10, 100, 1000, 10_000]
const noAuth = 'no token, no scope: its tools are those that the caller may see'

/** tools/call or tools/list with so many tools, half of which the caller may see. */
function mcpJob(method, count) {
  const contender = (name, file, options = {}, note) => ({
    name,
    note,
    module: `mcp/${file}.mjs`,
    options: { method, count, ...options },
  })
  const floor = contender('floor', 'floor')
  const ours = [
    contender('gatewright on SDK v2', 'gatewright', { sdk: 'server' }),
    contender('gatewright on SDK v1', 'gatewright', { sdk: 'sdk' }),
  ]
  const list = method === 'tools/list' ? [contender('JSON.stringify of the result', 'stringify')] : []
  return {
    name: `${method.replace('/', '-')}-${count}`,
    title: `${method} with ${count.toLocaleString('en')} tools, half of them visible`,
    async run(bench) {
      const peers = [
        contender('SDK v2, McpServer for each request', 'sdk-v2', {}, noAuth),
        contender('SDK v1, McpServer for each request', 'sdk-v1', {}, noAuth),
      ]
      const besideSdks = async (contenders, more, how) =>
        (await bench.compare(contenders, more)).map((row) => ({ ...row, how }))
      const web = contender('floor as Request and Response', 'floor', { web: true })
      const most = count >= 1000 ? { most: 200, warmUp: 0 } : {}
      return [
        ...(await bench.compare([floor, ...ours, web, ...list])),
        ...(await bench.compare([floor, ...ours], { http: true })),
        ...(bench.settings.smoke && count > 100
          ? []
          : [
              ...(await besideSdks([ours[0], web, ...peers], most, 'beside the SDKs')),
              ...(await besideSdks(
                [ours[0], floor, peers[1]],
                { ...most, http: true },
                'beside SDK v1, over HTTP',
              )),
            ]),
      ]
    },
  }
}

const firstListJob = {
  name: 'tools-list-first',
  title: 'tools/list with 10,000 tools, half of them visible, to callers whose scopes nobody had before',
  run(bench) {
    const options = { method: 'tools/list', count: bench.settings.smoke ? 100 : 10_000 }
    return bench.compare([
      { name: 'JSON.stringify of the result', module: 'mcp/stringify.mjs', options },
      {
        name: 'gatewright on SDK v2',
        note: 'twenty callers in turns, of whose lists the cache holds eight',
        module: 'mcp/gatewright.mjs',
        options: { ...options, callers: 20 },
      },
    ])
  },
}

const bridgeJob = {
  name: 'bridge-call',
  title: 'Call of an OpenAPI operation as a tool; the API answers at once',
  run: (bench) =>
    bench.compare([
      { name: 'floor', module: 'mcp/bridge.mjs', options: { byHand: true } },
      { name: 'gatewright', module: 'mcp/bridge.mjs', options: {} },
    ]),
}

const proxyJob = {
  name: 'proxy-call',
  title: 'Call of a tool of an upstream over loopback HTTP; the upstream answers at once',
  run: (bench) =>
    bench.compare([
      { name: 'by hand with fetch', module: 'mcp/proxy.mjs', options: { byHand: true } },
      { name: 'gatewright', module: 'mcp/proxy.mjs', options: {} },
    ]),
}

export const mcpJobs = [
  ...['tools/call', 'tools/list'].flatMap((method) => counts.map((count) => mcpJob(method, count))),
  firstListJob,
  bridgeJob,
  proxyJob,
]
