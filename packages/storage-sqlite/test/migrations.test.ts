import { readdirSync, readFileSync } from 'node:fs'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import { migrate, migrations } from '@gatewright/storage-sqlite/d1'
import type { D1Database, D1Statement } from '@gatewright/storage-sqlite/d1'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'

const folder = new URL('../migrations/', import.meta.url)
const readFiles = () =>
  readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))

describe('the migrations', () => {
  it('are the files of the folder, word for word', () => {
    expect(readFiles()).toEqual(migrations.map(({ name, sql }) => ({ name: `${name}.sql`, text: sql })))
  })

  it('are what migrate runs, besides comments', async () => {
    const sent: string[] = []
    const statement: D1Statement = { bind: () => statement }
    const database: D1Database = {
      prepare(sql) {
        sent.push(sql)
        return statement
      },
      batch: async () => [],
    }
    await migrate(database)
    const statements = migrations.flatMap(({ sql }) => sql.replaceAll(/^--.*\n/gm, '').split(';'))
    expect(statements.map((sql) => sql.trim()).filter((sql) => sql !== '')).toEqual(sent)
  })

  it('run by any other tool, make what the storage makes by itself, and may be run again', async () => {
    const schemaOf = (database: InstanceType<typeof Database>) =>
      database.prepare('select type, name, sql from sqlite_schema order by name').all()
    const [byHand, byItself] = [new Database(':memory:'), new Database(':memory:')]
    for (let round = 0; round < 2; round++) for (const { text } of readFiles()) byHand.exec(text)
    createSqliteStorage({ database: byItself })
    expect(schemaOf(byHand)).toEqual(schemaOf(byItself))
    const key = { partition: 'p', collection: 'things', id: 'a' }
    const storage = createSqliteStorage({ database: byHand })
    expect(await storage.commit([{ type: 'insert', key, value: 1, expiresAt: 5 }], 0)).toBe(true)
    for (const database of [byHand, byItself]) database.close()
  })
})
