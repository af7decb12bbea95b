/** The statements on one table. */
export interface D1Statements {
  /** `{ partition, collection, id }[]` as JSON, now. Rows carry the position of their key. */
  readonly read: string
  /** `D1Step[]` as JSON, partition, now. Fails unless the condition of every step holds. */
  readonly guard: string
  /** `D1Step[]` as JSON, partition; each changes only what the guard has let through. */
  readonly replaceInPlace: string
  readonly replace: string
  readonly insert: string
  readonly remove: string
  /** partition, collection, after, now, limit */
  readonly list: string
  /** now, limit */
  readonly sweep: string
}

/**
 * Writes all statements on one table. What has no fixed number goes as one JSON text: D1 binds at most 100
 * parameters, and counts statements.
 */
export function writeD1Statements(table: string): D1Statements {
  const records = `"${table}"`
  const given = (name: string) => `step.value ->> '${name}'`
  // json_each has a column "id" as well.
  const found = `partition = ?2 and collection = ${given('collection')} and ${records}.id = ${given('id')}`
  const alive = (now: string) => `(expires_at is null or expires_at > ${now})`
  const unchanged = `${found} and revision = ${given('expected')}`

  return {
    // "cross join" fixes the order: the few wanted keys outside, one index search for each inside.
    read: `select wanted.key as position, ${records}.value, revision, expires_at
      from json_each(?1) as wanted cross join ${records}
      on partition = wanted.value ->> 'partition' and collection = wanted.value ->> 'collection'
      and ${records}.id = wanted.value ->> 'id' where ${alive('?2')}`,
    // A condition that does not hold becomes a row without partition, which the table refuses, and so the batch.
    guard: `insert into ${records} (partition, collection, id, value, revision)
      select null, '', '', '', '' from json_each(?1) as step
      where (${given('expected')} is null) = exists (select 1 from ${records} where ${found} and ${alive('?3')}
      and (${given('expected')} is null or revision = ${given('expected')}))`,
    replaceInPlace: `update ${records} set value = ${given('value')}, revision = ${given('revision')},
      expires_at = ${given('expiresAt')} from json_each(?1) as step
      where ${unchanged} and sweep_at is ${given('sweepAt')}`,
    replace: `update ${records} set value = ${given('value')}, revision = ${given('revision')},
      expires_at = ${given('expiresAt')}, sweep_at = ${given('sweepAt')} from json_each(?1) as step
      where ${unchanged}`,
    insert: `insert into ${records} (partition, collection, id, value, revision, expires_at, sweep_at)
      select ?2, ${['collection', 'id', 'value', 'revision', 'expiresAt', 'sweepAt'].map(given).join(', ')}
      from json_each(?1) as step where true
      on conflict (partition, collection, id) do update set value = excluded.value, revision = excluded.revision,
      expires_at = excluded.expires_at, sweep_at = excluded.sweep_at`,
    remove: `delete from ${records} where partition = ?2 and (collection, id) in
      (select ${given('collection')}, ${given('id')} from json_each(?1) as step)`,
    list: `select id from ${records} where partition = ?1 and collection = ?2 and id > ?3 and ${alive('?4')}
      order by id limit ?5`,
    sweep: `delete from ${records} where rowid in
      (select rowid from ${records} where sweep_at <= ?1 order by sweep_at limit ?2)`,
  }
}
