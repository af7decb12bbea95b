// Measures the storage on a server of its own: cost per call against bare statements, sizes, plans and sweeps.
// Not a test: run it by hand, `node test/measure.mjs [records]`, 1,000,000 records unless told otherwise.
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import pg from 'pg'

const records = Number(process.argv[2] ?? 1_000_000)
const day = 86_400_000
const now = 1_900_000_000_000
const cache = fileURLToPath(new URL('../node_modules/.cache/measure/', import.meta.url))
const print = (...words) => process.stdout.write(`${words.join(' ')}\n`)

const { createPostgresStorage, migrate, writeStatements, findPostgres, startPostgres } = await load()
const server = await startPostgres(findPostgres(), {
  shared_buffers: '1GB',
  autovacuum: 'off',
  max_wal_size: '8GB',
})
const pool = new pg.Pool({ connectionString: server.url, max: 8 })
const one = new pg.Client({ connectionString: server.url })
await one.connect()
try {
  await migrate(one)
  const storage = createPostgresStorage({ client: one })
  await costs('1,000 records', storage, 1000)
  await fill(1000, records)
  await one.query('vacuum analyze gatewright_records')
  await sizes('after inserting them')
  await costs(`${records.toLocaleString('en')} records`, storage, records)
  await throughput()
  await plans()
  await refreshes()
  await sweeps()
} finally {
  await one.end()
  await pool.end()
  await server.remove()
  rmSync(cache, { recursive: true, force: true })
}

async function load() {
  mkdirSync(cache, { recursive: true })
  const outfile = `${cache}bundle.mjs`
  const contents = ['../src/index.ts', '../src/statements.ts', './support/start-postgres.ts']
    .map((path) => `export * from '${path}'`)
    .join('\n')
  await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@gatewright/source'],
    logLevel: 'error',
  })
  return import(pathToFileURL(outfile).href)
}

/** Keys as the authorization server makes them, and a grant of 700 bytes. */
function keyOf(number) {
  const tag = `${String(number).padStart(10, '0')}abcdefghijkl`
  return { partition: `ab12cd34:${tag}`, collection: 'grants', id: `${tag}${'x'.repeat(21)}` }
}

function grant() {
  return { scope: 'read write', sealed: 'x'.repeat(700 - 36) }
}

/** Grants that live for 14 days from now, or that expire one after the other within them. */
async function fill(from, to, spread = false) {
  const value = JSON.stringify(grant())
  for (let start = from; start < to; start += 50_000)
    await one.query(
      `insert into gatewright_records select 'ab12cd34:' || tag, 'grants', tag || repeat('x', 21), $1,
      substr(md5(tag), 1, 22), expiry, (expiry / 268435456 + 1) * 268435456 from (select
      lpad(n::text, 10, '0') || 'abcdefghijkl' as tag, ${now}::bigint + case when $4::boolean then n % 14 + 1 else 14 end * ${day}::bigint as expiry
      from generate_series($2::int, $3::int - 1) as n) as numbered on conflict do nothing`,
      [value, start, Math.min(start + 50_000, to), spread],
    )
}

async function costs(title, storage, upTo) {
  await fill(0, Math.min(upTo, 1000))
  let next = 0
  const pick = () => keyOf(Math.floor((next++ * 7919) % upTo))
  const query = (name, text, values) => one.query({ name, text, values })
  const text = JSON.stringify(grant())
  const by = 'partition = $1 and collection = $2 and id = $3'
  const parts = ({ partition, collection, id }) => [partition, collection, id]
  const read = (key) =>
    query('bare_select', `select value, revision, expires_at from gatewright_records where ${by}`, parts(key))
  const write = (key) =>
    query('bare_update', `update gatewright_records set value = $4, revision = $5 where ${by}`, [
      ...parts(key),
      text,
      'bare',
    ])
  const token = () => ({ ...keyOf(next), collection: 'tokens', id: `t${next++}-${title}` })
  const kinds = {
    'select 1': () => query('one', 'select 1', []),
    'bare select': () => read(pick()),
    get: () => storage.get([pick()], now),
    'get, 2 keys': () => storage.get([pick(), keyOf(5)], now),
    'bare insert': () => query('bare_insert', `insert into gatewright_records values ($1, $2, $3, $4, 'r', $5, $6)`, [...parts(token()), text, now, now]),
    'commit: insert': () => storage.commit([{ type: 'insert', key: token(), value: grant(), expiresAt: now + day }], now),
    'bare select + update': async () => {
      const key = pick()
      await read(key)
      await write(key)
    },
    'get + commit: replace': async () => {
      const [stored] = await storage.get([pick()], now)
      const { key, revision } = stored
      await storage.commit([{ type: 'replace', key, revision, value: grant(), expiresAt: now + 14 * day }], now)
    },
    'bare select + begin, update, insert, commit': async () => {
      const key = pick()
      await read(key)
      await one.query('begin')
      await write(key)
      await query('bare_insert', `insert into gatewright_records values ($1, $2, $3, $4, 'r', $5, $6)`, [...parts(token()), text, now, now])
      await one.query('commit')
    },
    'get + commit: replace, insert': async () => {
      const [stored] = await storage.get([pick()], now)
      const { key, revision } = stored
      await storage.commit([
        { type: 'replace', key, revision, value: grant(), expiresAt: now + 14 * day },
        { type: 'insert', key: { ...key, collection: 'tokens', id: `x${next++}` }, value: grant(), expiresAt: now + day },
      ], now)
    },
  } // prettier-ignore
  const times = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]))
  for (const run of Object.values(kinds)) for (let warm = 0; warm < 20; warm++) await run()
  for (let round = 0; round < 60; round++)
    for (const [name, run] of Object.entries(kinds)) {
      const start = performance.now()
      for (let call = 0; call < 40; call++) await run()
      times[name].push(((performance.now() - start) / 40) * 1000)
    }
  const quartile = (name) => times[name].toSorted((a, b) => a - b)[Math.floor(times[name].length / 4)]
  print(
    `\n## ${title}: microseconds per call, one connection, lower quartile (ratio to the bare line above it)`,
  )
  let bare = 1
  for (const name of Object.keys(kinds)) {
    if (/^(?:select|bare)/.test(name)) bare = quartile(name)
    print(name.padEnd(46), quartile(name).toFixed(0).padStart(5), /^(?:get|commit)/.test(name) ? (quartile(name) / bare).toFixed(2) : '')
  } // prettier-ignore
}

async function throughput() {
  const storage = createPostgresStorage({ client: pool, timeout: 60 })
  const text = JSON.stringify(grant())
  const by = 'partition = $1 and collection = $2 and id = $3'
  const kinds = {
    'bare select + update': async (key) => {
      const parts = [key.partition, key.collection, key.id]
      await pool.query({ name: 'bare_select', text: `select value, revision, expires_at from gatewright_records where ${by}`, values: parts })
      await pool.query({ name: 'bare_update', text: `update gatewright_records set value = $4, revision = $5 where ${by}`, values: [...parts, text, 'bare'] })
    },
    'get + commit: replace': async (key) => {
      const [{ revision }] = await storage.get([key], now)
      await storage.commit([{ type: 'replace', key, revision, value: grant(), expiresAt: now + 14 * day }], now)
    },
  } // prettier-ignore
  const best = {}
  for (let round = 0; round < 12; round++)
    for (const [name, run] of Object.entries(kinds)) {
      let next = round * 4000
      const start = performance.now()
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          for (let call = 0; call < 100; call++) await run(keyOf((next++ * 7919) % records))
        }),
      )
      ;(best[name] ??= []).push(1600 / ((performance.now() - start) / 1000))
    }
  print('\n## refreshes per second, 8 connections, 16 in flight, upper quartile')
  for (const [name, rates] of Object.entries(best))
    print(name.padEnd(46), rates.toSorted((a, b) => b - a)[3].toFixed(0))
}

async function sizes(title) {
  const { rows } = await one.query(`select pg_table_size('gatewright_records') as heap,
    pg_relation_size('gatewright_records_pkey') as key, pg_relation_size('gatewright_records_sweep_at_idx') as sweep`)
  const [size] = rows
  const mega = (bytes) => `${(Number(bytes) / 1e6).toFixed(0)} MB`
  print(`\n## size of ${records.toLocaleString('en')} grants of 700 bytes, ${title}`)
  print(`table ${mega(size.heap)}, primary key ${mega(size.key)}, sweep index ${mega(size.sweep)}`)
}

async function plans() {
  print('\n## generic plans')
  await one.query('set plan_cache_mode = force_generic_plan')
  const { read, readFew, readMany, insert, replace, check, removeUnchanged, list, sweep } =
    writeStatements('gatewright_records')
  const { partition, collection, id } = keyOf(4711)
  const key = [partition, collection, id].map((part) => `'${part}'`)
  const cases = {
    get: [read, [...key, now]],
    'get, 2 keys': [readFew(2), [...key, ...key, now]],
    'get, 17 keys': [readMany, [...key.map((part) => `array[${part}]`), now]],
    insert: [insert, [...key, "'1'", "'r'", now, now, now]],
    replace: [replace, [...key, "'1'", "'r'", now, now, now, "'r'"]],
    check: [check, [...key, now, "'r'"]],
    delete: [removeUnchanged, [...key, now, "'r'"]],
    list: [list, [key[0], key[1], "''", now, 10]],
    sweep: [sweep, [now, 500]],
  }
  for (const [name, [{ text }, values]] of Object.entries(cases)) {
    await one.query(`prepare plan as ${text}`)
    const { rows } = await one.query(`begin; explain (analyze, buffers, timing off, summary off) execute plan (${values.join(', ')}); rollback`).then((results) => results[1])
    print(`-- ${name}\n${rows.map((row) => row['QUERY PLAN']).join('\n')}`)
    await one.query('deallocate plan')
  } // prettier-ignore
  await one.query('reset plan_cache_mode')
}

/** Refreshes every grant once, in random order, a quarter of an hour later each time. */
async function refreshes() {
  for (const fillfactor of [100, 90, 85, 80, 70]) {
    await one.query(`truncate gatewright_records; alter table gatewright_records set (fillfactor = ${fillfactor})`)
    const count = Math.min(records, 100_000)
    await fill(0, count)
    await one.query('vacuum analyze gatewright_records')
    const size = async () => Number((await one.query(`select pg_table_size('gatewright_records') as heap`)).rows[0].heap) / 1e6
    const before = await size()
    const storage = createPostgresStorage({ client: pool, timeout: 60 })
    await one.query('select pg_stat_reset()')
    for (let pass = 0; pass < 2; pass++) {
      let next = 0
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          while (next < count) {
            const key = keyOf((next++ * 7919 + pass) % count)
            const at = now + pass * 900_000
            const [{ revision }] = await storage.get([key], at)
            await storage.commit([{ type: 'replace', key, revision, value: grant(), expiresAt: now + 14 * day + pass * 900_000 }], at)
          }
        }),
      )
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 1500)
    })
    const { rows } = await one.query(`select n_tup_upd as updated, n_tup_hot_upd as hot from pg_stat_user_tables where relname = 'gatewright_records'`)
    const sweepSize = Number((await one.query(`select pg_relation_size('gatewright_records_sweep_at_idx') as size`)).rows[0].size) / 1e6
    print(`fillfactor ${fillfactor}: ${count.toLocaleString('en')} grants ${before.toFixed(0)} MB, after two random refreshes of each ${(await size()).toFixed(0)} MB, sweep index ${sweepSize.toFixed(1)} MB, HOT ${((100 * rows[0].hot) / rows[0].updated).toFixed(0)} % of ${rows[0].updated}`)
  } // prettier-ignore
}

async function sweeps() {
  await one.query('truncate gatewright_records; alter table gatewright_records set (fillfactor = 85)')
  await fill(0, records, true)
  await one.query('vacuum analyze gatewright_records')
  const waits = []
  const timed = { connect: () => undefined, async query(statement) {
    const start = performance.now()
    const result = await one.query(statement)
    waits.push(performance.now() - start)
    return result
  } } // prettier-ignore
  const storage = createPostgresStorage({ client: timed, timeout: 60 })
  const start = performance.now()
  let swept = 0
  for (let count = -1; count !== 0; swept += Math.max(count, 0))
    count = await storage.sweep({ now: now + 7 * day, limit: 10_000 })
  const seconds = (performance.now() - start) / 1000
  const sorted = waits.toSorted((a, b) => a - b)
  print(`\n## sweep of ${swept.toLocaleString('en')} of ${records.toLocaleString('en')}: ${(swept / seconds).toFixed(0)} records a second`)
  print(`per statement: median ${sorted[sorted.length >> 1].toFixed(1)} ms, 99 % ${sorted[Math.floor(sorted.length * 0.99)].toFixed(1)} ms, longest ${sorted.at(-1).toFixed(1)} ms`)
} // prettier-ignore
