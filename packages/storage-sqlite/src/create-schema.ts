/**
 * Returns the statements that create the table and its index unless they exist. Safe when several processes do it at
 * once: each statement is atomic and does nothing the second time.
 *
 * The table has a rowid on purpose. Without one the whole record would lie in the key's tree, and with records of
 * some hundred bytes that tree becomes deep and slow to insert into, and the sweep index would repeat the key.
 */
export function createSchema(table: string): readonly [string, string] {
  return [
    `create table if not exists "${table}" (
  partition text not null,
  collection text not null,
  id text not null,
  value text not null,
  revision text not null,
  expires_at integer,
  sweep_at integer,
  primary key (partition, collection, id)
) strict`,
    `create index if not exists "${table}_sweep_at" on "${table}" (sweep_at) where sweep_at is not null`,
  ]
}
