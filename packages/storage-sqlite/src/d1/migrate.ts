import { createSchema } from '../create-schema.ts'
import { defaultTable, verifyTableName } from '../table-name.ts'
import type { D1Database } from './d1-database.ts'
import { toStorageError } from './to-storage-error.ts'

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /**
   * Name of the table: letters, digits and underscores.
   *
   * @default 'gatewright_records'
   */
  readonly table?: string
}

/** A step of the schema's history. */
export interface Migration {
  /** Counted from one. */
  readonly version: number
  /** Name of the file in the package's folder `migrations` with the same text. */
  readonly name: string
  /** Plain SQL for the table `gatewright_records`. */
  readonly sql: string
}

/**
 * All migrations in their order, for whoever applies them by a tool; {@link migrate} applies them by itself. The package has them
 * as files in its folder `migrations` too.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: '0001-records',
    sql: [
      '-- One table for all records, and the index of a sweep. Another name: replace gatewright_records everywhere.',
      ...createSchema(defaultTable).map((sql) => `\n${sql};`),
      '',
    ].join('\n'),
  },
]

/**
 * Creates the table and its index unless they exist. Call it when you deploy, not for every request; for
 * `wrangler d1 migrations apply` there is {@link migrations}.
 *
 * @throws TypeError (as a rejection) for a malformed name.
 * @throws StorageError (as a rejection) when D1 is busy or cannot be reached; any other error is D1's own.
 * @example
 * <!-- prelude
 * declare const env: { DB: D1Database }
 * -->
 * ```ts
 * await migrate(env.DB)
 * ```
 */
export async function migrate(database: D1Database, options: MigrateOptions = {}): Promise<void> {
  const { table = defaultTable } = options
  verifyTableName(table)
  try {
    await database.batch(createSchema(table).map((sql) => database.prepare(sql)))
  } catch (error) {
    throw toStorageError(error)
  }
}
