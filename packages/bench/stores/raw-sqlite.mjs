import { randomBytes } from 'node:crypto'
import { openStorage } from './open-storage.mjs'

/**
 * Opens the transaction of a rotation by hand, on the table and the settings of the storage: two reads, then one change that names the
 * revision it was read with and one insert. Every statement is prepared, and nothing is checked that the database does not check.
 */
export async function open() {
  const { database } = await openStorage('sqlite')
  const value = JSON.stringify({
    schema: 1,
    clientId: 'app',
    subject: 'alice',
    scope: 'read:application',
    text: 'x'.repeat(400),
  })
  const expires = Date.now() + 3_600_000
  const read = database.prepare(
    'select value, revision, expires_at from gatewright_records where partition = ? and collection = ? and id = ?',
  )
  const change = database.prepare(
    'update gatewright_records set value = ?, revision = ?, expires_at = ? where partition = ? and collection = ? and id = ? and revision = ?',
  )
  const insert = database.prepare('insert into gatewright_records values (?, ?, ?, ?, ?, ?, ?)')
  const secret = () => randomBytes(16).toString('base64url')
  const insertNew = (partition, collection, id) =>
    insert.run(partition, collection, id, value, secret(), expires, expires)
  return {
    prepare: (count) =>
      Array.from({ length: count }, () => {
        const id = secret()
        insertNew(`bench:g:${id}`, 'grants', id)
        return id
      }),
    run(id) {
      const partition = `bench:g:${id}`
      const grant = read.get(partition, 'grants', id)
      if (read.get(partition, 'refresh_repeats', 'repeat') !== undefined) throw new Error('repeated')
      JSON.parse(grant.value)
      database.exec('begin immediate')
      const { changes } = change.run(value, secret(), expires, partition, 'grants', id, grant.revision)
      if (changes !== 1) throw new Error('not changed')
      insertNew(partition, 'refresh_repeats', 'repeat')
      database.exec('commit')
    },
  }
}
