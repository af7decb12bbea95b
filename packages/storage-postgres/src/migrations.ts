/** One step of the schema's history. */
export interface Migration {
  /** Counted from one; noted in the table `gatewright_records_migrations`. */
  readonly version: number
  /** Name of the file in the package's folder `migrations` with the same text. */
  readonly name: string
  /** Plain SQL for the table `gatewright_records`, to be run in one transaction. */
  readonly sql: string
}

/**
 * All migrations in their order, for whoever applies them by a tool of their own; `migrate` applies them by itself. The
 * package has them as files in its folder `migrations` too.
 * A published one never changes.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: '0001-records',
    sql: `-- One table for all records, two functions that commit several operations at once, and a note of what was applied.
-- Another name: replace gatewright_records everywhere, with or without a schema before it. Run it in one transaction.

do $check$ begin
  if getdatabaseencoding() <> 'UTF8' then
    raise exception 'gatewright needs a database in UTF8, this one is in %', getdatabaseencoding();
  end if;
end $check$;

-- Keys are compared byte by byte: "C" is exact, and its order is the order of code points.
-- expires_at is exact and has no index. sweep_at is rounded up so that a record that is refreshed keeps it most of
-- the time: such an update changes no index and stays on its page (a HOT update), for which the fillfactor leaves room.
-- Tables that are small are left unanalyzed: a plan made for ten rows would read the table from end to end, and
-- prepared statements keep theirs while the table grows.
create table gatewright_records (
  partition text collate "C" not null,
  collection text collate "C" not null,
  id text collate "C" not null,
  value text not null,
  revision text collate "C" not null,
  expires_at bigint,
  sweep_at bigint,
  primary key (partition, collection, id)
) with (
  fillfactor = 85,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.05
);

create index on gatewright_records (sweep_at) where sweep_at is not null;

-- Applies all operations of one partition, or none, and tells which. All arrays have one element per operation.
-- An expected revision of null makes a delete unconditional. moment is the caller's clock: the server's is never asked.
--
-- For READ COMMITTED, where each statement sees what was committed before it and waits for rows that others have
-- changed. A condition on a record is judged by the statement that also locks the record, so it holds until the end.
-- The caller sends what needs an existing record first and inserts after it, both in the order of the keys, and asks
-- for locks_first when the former are several: then nothing is written until all of them are locked and judged.
-- What can fail afterwards is an insert of a key that is taken: the error GW001 then undoes the writes before it.
create function gatewright_records_commit(
  at_partition text,
  kinds text[],
  collections text[],
  ids text[],
  expected text[],
  revisions text[],
  contents text[],
  expiries bigint[],
  sweeps bigint[],
  moment bigint,
  locks_first boolean
) returns boolean language plpgsql as $commit$
declare
  written boolean := false;
begin
  if locks_first then
    for n in 1 .. cardinality(ids) loop
      continue when kinds[n] = 'insert';
      if kinds[n] = 'check' then
        perform from gatewright_records
          where partition = at_partition and collection = collections[n] and id = ids[n]
          and revision = expected[n] and (expires_at is null or expires_at > moment)
          for share;
      else
        perform from gatewright_records
          where partition = at_partition and collection = collections[n] and id = ids[n]
          and (expected[n] is null or revision = expected[n] and (expires_at is null or expires_at > moment))
          for update;
      end if;
      if not found and expected[n] is not null then
        return false;
      end if;
    end loop;
  end if;

  for n in 1 .. cardinality(ids) loop
    if kinds[n] = 'replace' then
      update gatewright_records
        set value = contents[n], revision = revisions[n], expires_at = expiries[n], sweep_at = sweeps[n]
        where partition = at_partition and collection = collections[n] and id = ids[n]
        and revision = expected[n] and (expires_at is null or expires_at > moment);
    elsif kinds[n] = 'insert' then
      insert into gatewright_records as held
        (partition, collection, id, value, revision, expires_at, sweep_at)
        values (at_partition, collections[n], ids[n], contents[n], revisions[n], expiries[n], sweeps[n])
        on conflict (partition, collection, id) do update
        set value = excluded.value, revision = excluded.revision,
          expires_at = excluded.expires_at, sweep_at = excluded.sweep_at
        where held.expires_at <= moment;
    elsif kinds[n] = 'check' then
      perform from gatewright_records
        where partition = at_partition and collection = collections[n] and id = ids[n]
        and revision = expected[n] and (expires_at is null or expires_at > moment)
        for share;
    elsif expected[n] is not null then
      delete from gatewright_records
        where partition = at_partition and collection = collections[n] and id = ids[n]
        and revision = expected[n] and (expires_at is null or expires_at > moment);
    else
      loop
        delete from gatewright_records
          where partition = at_partition and collection = collections[n] and id = ids[n];
        exit when found;
        -- A key that is absent must stay so until the other writes appear: whoever inserts it meanwhile has to wait
        -- for a row that will never have been there.
        insert into gatewright_records (partition, collection, id, value, revision)
          values (at_partition, collections[n], ids[n], '', '')
          on conflict do nothing;
      end loop;
    end if;
    if not found then
      if written then
        raise exception 'gatewright: a key is taken, the commit is undone' using errcode = 'GW001';
      end if;
      return false;
    end if;
    written := written or kinds[n] <> 'check';
  end loop;
  return true;
end $commit$;

-- The same for one replace and one insert: what every exchange of a code or a refresh token for a stored token is.
-- Without arrays it costs a quarter less.
create function gatewright_records_replace_insert(
  at_partition text,
  replaced_collection text,
  replaced_id text,
  replaced_expected text,
  replaced_revision text,
  replaced_value text,
  replaced_expires_at bigint,
  replaced_sweep_at bigint,
  inserted_collection text,
  inserted_id text,
  inserted_revision text,
  inserted_value text,
  inserted_expires_at bigint,
  inserted_sweep_at bigint,
  moment bigint
) returns boolean language plpgsql as $commit$
begin
  update gatewright_records
    set value = replaced_value, revision = replaced_revision,
      expires_at = replaced_expires_at, sweep_at = replaced_sweep_at
    where partition = at_partition and collection = replaced_collection and id = replaced_id
    and revision = replaced_expected and (expires_at is null or expires_at > moment);
  if not found then
    return false;
  end if;
  insert into gatewright_records as held
    (partition, collection, id, value, revision, expires_at, sweep_at)
    values (at_partition, inserted_collection, inserted_id, inserted_value, inserted_revision,
      inserted_expires_at, inserted_sweep_at)
    on conflict (partition, collection, id) do update
    set value = excluded.value, revision = excluded.revision,
      expires_at = excluded.expires_at, sweep_at = excluded.sweep_at
    where held.expires_at <= moment;
  if not found then
    raise exception 'gatewright: a key is taken, the commit is undone' using errcode = 'GW001';
  end if;
  return true;
end $commit$;

create table gatewright_records_migrations (version integer primary key, name text not null);

insert into gatewright_records_migrations (version, name) values (1, '0001-records');
`,
  },
]
