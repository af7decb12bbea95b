import { migrations } from './migrations.ts'
import type { PostgresClient } from './postgres-client.ts'
import { sendText } from './send-statement.ts'
import { defaultTable, parseTableName } from './table-name.ts'
import { codeOf, isRetryable, toStorageError } from './to-storage-error.ts'

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /**
   * Name of the table, with or without a schema (`auth.records`), which must exist: letters, digits and underscores.
   *
   * @default 'gatewright_records'
   */
  readonly table?: string
}

// Any number will do, as long as all versions of this package lock the same one.
const lock = 4_776_871_540_613_511

/**
 * Creates the table, or brings it up to date: applies every migration that the database has not seen, in one
 * transaction, and notes it in the table `…_migrations`. Does nothing the second time.
 *
 * Safe when several processes start at once: an advisory lock lets one of them work, the others wait. The role needs
 * the right to create tables and functions in the schema only while something is left to be applied.
 *
 * @throws TypeError (as a rejection) for a malformed name.
 * @throws StorageError (as a rejection) when the database is busy or cannot be reached; any other error is the
 *   driver's own.
 * @example
 * <!-- prelude
 * declare const pool: PostgresClient
 * -->
 * ```ts
 * await migrate(pool)
 * ```
 */
export async function migrate(client: PostgresClient, options: MigrateOptions = {}): Promise<void> {
  const { table = defaultTable } = options
  const text = textOfMigration(table)
  for (let retries = 3; ; retries--)
    try {
      await sendText(client, text)
      return
    } catch (error) {
      if (retries === 0 || !(isRetryable(error) || wasApplied(error))) throw toStorageError(error)
    }
}

/**
 * Under REPEATABLE READ the one who waited does not see what the other has done, and fails with "already exists"
 * (42P07) until it asks again.
 */
function wasApplied(error: unknown): boolean {
  return codeOf(error) === '42P07'
}

/** One statement for all: every driver sends it on one connection, and it is a transaction by itself. */
function textOfMigration(table: string): string {
  const nameOf = parseTableName(table)
  const notes = nameOf('_migrations')
  const steps = migrations.map(({ version, sql }) => {
    const text = sql.replaceAll(/\bgatewright_records(?<suffix>_[a-z_]+)?\b/g, (_, suffix?: string) =>
      nameOf(suffix),
    )
    return `
      applied := false;
      if to_regclass('${notes}') is not null then
        execute 'select exists (select from ${notes} where version = ${version})' into applied;
      end if;
      if not applied then
        execute $migration$${text}$migration$;
      end if;`
  })
  return `do $migrations$
    declare applied boolean;
    begin
      perform pg_advisory_xact_lock(${lock});${steps.join('')}
    end $migrations$`
}
