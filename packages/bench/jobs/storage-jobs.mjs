import { storageKinds } from '../stores/open-storage.mjs'

const bring = 'PostgreSQL and Redis are measured where DATABASE_URL and REDIS_URL name one'
const operations = ['insert', 'get', 'replace', 'rotate']
const servers = ['postgres', 'redis']

/** What a code exchange or a refresh asks of a server of its own, beside the round trips that it takes. */
const shareJobs = servers.map((kind) => ({
  name: `round-trips-${kind}`,
  title: `A rotation (one read, one commit) on ${kind}, beside two round trips that do nothing`,
  async run(bench) {
    if (!storageKinds().includes(kind))
      return [{ name: kind, how: 'calls', note: bring, figures: { trips: 2 } }]
    const bare = (trips) => ({
      name: `${trips} bare round trips`,
      module: 'stores/bare.mjs',
      options: { kind, trips },
    })
    const flushed = {
      name: '2 bare round trips, one flushed',
      note: 'the second writes an empty record to the log, so that it is on the disk before the answer',
      module: 'stores/bare.mjs',
      options: { kind, trips: 2, flushed: true },
    }
    return bench.compare([
      bare(2),
      ...(kind === 'postgres' ? [flushed] : []),
      {
        name: 'the same by hand',
        note: 'one read and one conditional change of two records, without expiry and index',
        module: 'stores/database-by-hand.mjs',
        options: { kind },
      },
      { name: kind, module: 'stores/contract.mjs', options: { kind, operation: 'rotate' } },
    ])
  },
}))

/** What storages cost, by operation and by flow, and how that grows. */
export const storageJobs = [
  ...operations.map((operation) => ({
    name: `storage-${operation}`,
    title: `Storage: ${operation}`,
    run: (bench) =>
      bench.compare(
        storageKinds().map((kind) => ({
          name: kind,
          note: kind === 'memory' ? bring : undefined,
          module: 'stores/contract.mjs',
          options: { kind, operation },
        })),
      ),
  })),
  ...shareJobs,
  {
    name: 'sqlite-transaction',
    title: 'A rotation (one read, one commit) on SQLite, beside its transaction by hand',
    run: (bench) =>
      bench.compare([
        { name: 'transaction by hand', module: 'stores/raw-sqlite.mjs' },
        { name: 'sqlite', module: 'stores/contract.mjs', options: { kind: 'sqlite', operation: 'rotate' } },
      ]),
  },
  {
    name: 'storage-flow',
    title: 'Whole flow on each storage',
    run: (bench) =>
      bench.compare(
        storageKinds().map((kind) => ({
          name: kind,
          module: 'authorization/workload.mjs',
          options: { server: 'authorization/gatewright.mjs', job: 'flow', storage: kind },
        })),
      ),
  },
  {
    name: 'round-trips',
    title: 'Calls of the storage per job',
    async run(bench) {
      const rows = []
      for (const job of [
        'authorize',
        'code',
        'refresh',
        'client-credentials',
        'introspect',
        'revoke',
        'register',
      ]) {
        const worker = await bench.start({ module: 'stores/count-trips.mjs', options: { job } })
        const { get, commit } = await worker.tell('ask', { question: 'trips' })
        await worker.stop()
        rows.push({ name: job, how: 'calls', figures: { get, commit } })
      }
      return rows
    },
  },
  {
    name: 'growth',
    title: 'A refresh while so many grants are stored',
    async run(bench) {
      const few = bench.settings.smoke ? [10, 100] : [1000, 1_000_000]
      const count = bench.settings.smoke ? 2 : 800
      const rows = []
      for (const kind of storageKinds()) {
        const sizes = kind === 'memory' && !bench.settings.smoke ? [1000, 100_000, 1_000_000] : few
        const contenders = sizes.map((grants) => ({
          name: `${kind}, ${grants.toLocaleString('en')} grants`,
          module: 'stores/growth.mjs',
          options: { grants, storage: kind },
        }))
        rows.push(...(await bench.compare(contenders, { count })))
      }
      return rows
    },
  },
  {
    name: 'memory',
    title:
      'Memory of the memory storage, on the heap and beside it, per 100,000 grants, each with its refresh family and index entries',
    async run(bench) {
      const grants = bench.settings.smoke ? 1000 : 100_000
      const worker = await bench.start({ module: 'stores/growth.mjs', options: { grants } })
      const bytes = await worker.tell('ask', { question: 'bytesPerGrant' })
      await worker.stop()
      const figures = { 'MB per 100,000': (bytes / 10).toFixed(1), 'bytes each': Math.round(bytes) }
      return [{ name: 'memory', how: 'heap and buffers', figures }]
    },
  },
  {
    name: 'expiry',
    title: 'Sweeping the memory storage: how long anything else has to wait',
    async run(bench) {
      const records = bench.settings.smoke ? 1000 : 1_000_000
      const worker = await bench.start({ module: 'stores/expiry.mjs', options: { records } })
      const best = async (question, times) => {
        const found = []
        while (found.length < times) found.push(await worker.tell('ask', { question }))
        // What others do on the machine can only make a turn longer.
        return found.toSorted((one, other) => one.longest - other.longest)[0]
      }
      const sweep = await best('sweep', bench.settings.smoke ? 1 : 3)
      const idle = await best('idle', bench.settings.smoke ? 1 : 2)
      await worker.stop()
      const row = (name, turns, note) => ({
        name,
        how: 'turns of the event loop',
        note,
        figures: {
          'median ms': turns.median.toFixed(2),
          'p99 ms': turns.p99.toFixed(2),
          'p99.9 ms': turns['p99.9'].toFixed(2),
          'longest ms': turns.longest.toFixed(2),
          'longest collection ms': turns.collecting.toFixed(2),
        },
      })
      return [
        row(
          `${sweep.swept.toLocaleString('en')} records, all expired`,
          sweep,
          'time between two turns, in which whatever else there is would have run, in the best of three sweeps: the clock of the processor moves by 4 ms',
        ),
        row(
          'nothing',
          idle,
          'the same with nothing to sweep, the better of two: what the machine itself does',
        ),
      ]
    },
  },
]
