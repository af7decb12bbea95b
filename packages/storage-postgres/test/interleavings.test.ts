import type { Key, Operation, Revision } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './support/open-database.ts'
import { untilBlocked } from './support/until-blocked.ts'

const database = await openDatabase()
const now = 1_900_000_000_000

describe('commits whose steps are held in the middle by another session', () => {
  if ('missing' in database) {
    it('are all or nothing', (context) => context.skip(database.missing))
    return
  }

  let pool: pg.Pool
  let storage: ReturnType<typeof createPostgresStorage>
  /** A session that holds what a test wants to be held, and one that looks on. */
  let other: pg.Client
  let observer: pg.Client
  /** What the server answered with an error. */
  const errors: unknown[] = []
  let partitions = 0
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: database.url, max: 10 })
    await migrate(pool)
    storage = createPostgresStorage({
      client: {
        connect: () => undefined,
        query: (statement: pg.QueryConfig) =>
          pool.query(statement).catch((error: unknown) => {
            errors.push(error)
            throw error
          }),
      },
    })
    other = new pg.Client({ connectionString: database.url })
    observer = new pg.Client({ connectionString: database.url })
    await Promise.all([other.connect(), observer.connect()])
    // Of two sessions in a deadlock the other must not be the one that gives way.
    await other.query("set deadlock_timeout = '1h'")
  })
  afterAll(() => Promise.all([pool.end(), other.end(), observer.end()]))

  const scene = () => {
    const partition = `p${partitions++}`
    const at = (id: string, collection = 'things'): Key => ({ partition, collection, id })
    const insert = (id: string, value = 'new'): Operation => ({
      type: 'insert',
      key: at(id),
      value,
      expiresAt: null,
    })
    /** Inserts a record and returns the operation that replaces it. */
    const replaceable = async (
      id: string,
      collection?: string,
    ): Promise<Operation & { revision: Revision }> => {
      const key = at(id, collection)
      await storage.commit([{ type: 'insert', key, value: 'old', expiresAt: null }], now)
      const [stored] = await storage.get([key], now)
      if (stored === undefined) throw new Error('no record')
      return { type: 'replace', key, revision: stored.revision, value: 'new', expiresAt: null }
    }
    const values = async (...ids: string[]) =>
      (
        await storage.get(
          ids.map((id) => at(id)),
          now,
        )
      ).map((stored) => stored?.value)
    const where = (id: string, collection = 'things') =>
      `where partition = '${partition}' and collection = '${collection}' and id = '${id}'`
    const hold = (sql: string) => other.query(`begin; ${sql}`)
    const change = (id: string, collection?: string) =>
      `update gatewright_records set revision = 'changed' ${where(id, collection)}`
    const occupy = (id: string) =>
      `insert into gatewright_records (partition, collection, id, value, revision) values ('${partition}', 'things', '${id}', '"theirs"', 'theirs')`
    return { at, insert, replaceable, values, where, hold, change, occupy }
  }

  it.each([
    ['commit', false],
    ['rollback', true],
  ])('a replace waits for another change of its record: %s → %s', async (end, expected) => {
    const { replaceable, hold, change, values } = scene()
    const replace = await replaceable('a')
    await hold(change('a'))
    const committing = storage.commit([replace], now)
    await untilBlocked(observer)
    await other.query(end)
    expect(await committing).toBe(expected)
    expect(await values('a')).toEqual([expected ? 'new' : 'old'])
  })

  it.each([
    ['commit', false],
    ['rollback', true],
  ])('an insert waits for another insert of its key: %s → %s', async (end, expected) => {
    const { insert, hold, occupy, values } = scene()
    await hold(occupy('a'))
    const alone = storage.commit([insert('a')], now)
    const among = storage.commit([insert('a'), insert('b')], now)
    await untilBlocked(observer, 2)
    await other.query(end)
    expect([await alone, await among].filter(Boolean)).toHaveLength(expected ? 1 : 0)
    expect(await values('a')).toEqual([expected ? 'new' : 'theirs'])
  })

  it.each([
    ['commit', false],
    ['rollback', true],
  ])('a replace among others waits for another change of its record: %s → %s', async (end, expected) => {
    const { replaceable, insert, hold, change, values } = scene()
    const replace = await replaceable('a')
    await hold(change('a'))
    const committing = [
      storage.commit([replace, insert('b')], now),
      storage.commit([replace, insert('c'), insert('d')], now),
    ]
    await untilBlocked(observer, 2)
    await other.query(end)
    expect((await Promise.all(committing)).filter(Boolean)).toHaveLength(expected ? 1 : 0)
    const [a, b, c, d] = await values('a', 'b', 'c', 'd')
    expect([a, c === d, (b === undefined) !== (c === undefined)]).toEqual([
      expected ? 'new' : 'old',
      true,
      expected,
    ])
  })

  it.each([
    ['commit', 'replace', false],
    ['rollback', 'replace', true],
    ['commit', 'check', false],
    ['rollback', 'check', true],
    ['commit', 'delete', false],
    ['rollback', 'delete', true],
  ] as const)(
    'the second of two records decides about the first: %s, %s → %s',
    async (end, type, expected) => {
      const { replaceable, hold, change, values } = scene()
      const [first, { key, revision }] = [await replaceable('a'), await replaceable('b')]
      const second: Operation =
        type === 'replace' ? { type, key, revision, value: 'new', expiresAt: null } : { type, key, revision }
      await hold(change('b'))
      errors.length = 0
      const committing = storage.commit([first, second], now)
      await untilBlocked(observer)
      expect(await values('a', 'b')).toEqual(['old', 'old'])
      await other.query(end)
      expect(await committing).toBe(expected)
      const after = { replace: 'new', check: 'old', delete: undefined }[type]
      expect(await values('a', 'b')).toEqual(expected ? ['new', after] : ['old', 'old'])
      // It has waited before it wrote anything.
      expect(errors).toEqual([])
    },
  )

  it.each([
    ['commit', ['token2'], false],
    ['rollback', ['token2'], true],
    ['commit', ['token1', 'token2'], false],
    ['rollback', ['token1', 'token2'], true],
  ] as const)('a key that gets taken undoes what was written before: %s, %j → %s', async (end, tokens, expected) => {
    const { replaceable, insert, hold, occupy, values } = scene()
    const replace = await replaceable('code')
    await hold(occupy('token2'))
    const inserts = tokens.map((id) => insert(id)) as [Operation]
    const committing = storage.commit([...inserts, replace], now)
    await untilBlocked(observer)
    expect(await values('code', ...tokens)).toEqual(['old', ...tokens.map(() => undefined)])
    await other.query(end)
    expect(await committing).toBe(expected)
    expect(await values('code', 'token1', 'token2')).toEqual(
      expected
        ? ['new', tokens.length === 2 ? 'new' : undefined, 'new']
        : ['old', undefined, 'theirs'],
    )
  }) // prettier-ignore

  it('a check waits for a change of its record, and keeps others from changing it until its commit ends', async () => {
    const { replaceable, insert, hold, change, occupy, at, values } = scene()
    const { key, revision } = await replaceable('grant')
    const check: Operation = { type: 'check', key, revision }
    await hold(change('grant'))
    const first = storage.commit([check, insert('token1')], now)
    await untilBlocked(observer)
    await other.query('rollback')
    expect(await first).toBe(true)

    await hold(occupy('token2'))
    const second = storage.commit([check, insert('token2')], now)
    await untilBlocked(observer)
    const revoking = storage.commit([{ type: 'delete', key: at('grant') }], now)
    await untilBlocked(observer, 2)
    await other.query('rollback')
    expect([await second, await revoking]).toEqual([true, true])
    expect(await storage.commit([check, insert('token3')], now)).toBe(false)
    expect(await values('grant', 'token1', 'token2', 'token3')).toEqual([undefined, 'new', 'new', undefined])
  })

  it('a key that a commit deletes stays absent until the commit ends, though it was absent before', async () => {
    const { insert, hold, occupy, at, values } = scene()
    await hold(occupy('b'))
    const deleting = storage.commit([{ type: 'delete', key: at('a') }, insert('b')], now)
    await untilBlocked(observer)
    const inserting = storage.commit([insert('a')], now)
    await untilBlocked(observer, 2)
    expect(await values('a', 'b')).toEqual([undefined, undefined])
    await other.query('rollback')
    expect([await deleting, await inserting]).toEqual([true, true])
    expect(await values('a', 'b')).toEqual(['new', 'new'])
  })

  it('a sweep leaves what is being replaced', async () => {
    const { at, hold, where, values } = scene()
    await storage.commit([{ type: 'insert', key: at('a'), value: 'old', expiresAt: 1000 }], 0)
    await hold(`update gatewright_records set expires_at = null, sweep_at = null ${where('a')}`)
    expect(await storage.sweep({ now: 1_000_000, limit: 10 })).toBe(0)
    await other.query('commit')
    expect(await storage.sweep({ now: 1_000_000, limit: 10 })).toBe(0)
    expect(await values('a')).toEqual(['old'])
  })

  it.each([
    {
      order: 'their ids',
      first: { id: 'a', collection: 'things' },
      second: { id: 'b', collection: 'things' },
    },
    {
      order: 'their collections first',
      first: { id: 'z', collection: 'apples' },
      second: { id: 'a', collection: 'things' },
    },
  ])(
    'CC-13 a commit locks its records by the order of $order, in whatever order they come, so that no two wait for each other',
    async ({ first, second }) => {
      const { replaceable, hold, change, where } = scene()
      const [one, last] = [
        await replaceable(first.id, first.collection),
        await replaceable(second.id, second.collection),
      ]
      await hold(change(first.id, first.collection))
      const committing = storage.commit([last, one], now)
      await untilBlocked(observer)
      // It waits for the first and has not touched the second.
      const held = where(second.id, second.collection)
      await observer.query(`select from gatewright_records ${held} for update nowait`)
      await other.query('rollback')
      expect(await committing).toBe(true)
    },
  )

  it('CC-13 a commit inserts last, so that nobody waits for a key that it may not get to write', async () => {
    const { replaceable, insert, hold, change, occupy, values } = scene()
    const replace = await replaceable('b')
    await hold(change('b'))
    const committing = storage.commit([insert('a'), replace], now)
    await untilBlocked(observer)
    await observer.query("set lock_timeout = '1s'")
    await observer.query(occupy('a'))
    await observer.query('reset lock_timeout')
    await other.query('rollback')
    expect(await committing).toBe(false)
    expect(await values('a', 'b')).toEqual(['theirs', 'old'])
  })

  it.each([
    ['commit', false],
    ['rollback', true],
  ])('CC-13 a commit that gives way in a deadlock is sent again: %s → %s', async (end, expected) => {
    const { replaceable, hold, change, values } = scene()
    const operations = [await replaceable('a'), await replaceable('b')] as const
    await hold(change('b'))
    const committing = storage.commit(operations, now)
    await untilBlocked(observer)
    // Closes the circle: this session waits for the commit, which finds out after a second and gives way.
    await other.query(change('a'))
    await untilBlocked(observer)
    await other.query(end)
    expect(await committing).toBe(expected)
    expect(await values('a', 'b')).toEqual(expected ? ['new', 'new'] : ['old', 'old'])
    const { rows } = await observer.query<{ deadlocks: string }>(
      'select pg_stat_clear_snapshot(), deadlocks from pg_stat_database where datname = current_database()',
    )
    expect(Number(rows[0]?.deadlocks)).toBeGreaterThan(0)
  })
})
