/**
 * Gatewright storage on PostgreSQL, through pg, postgres.js or PGlite.
 *
 * @module @gatewright/storage-postgres
 */
export { migrate } from './migrate.ts'
export type { MigrateOptions } from './migrate.ts'
export { migrations } from './migrations.ts'
export type { Migration } from './migrations.ts'
export type {
  PostgresClient,
  PostgresJsClient,
  PostgresPool,
  PostgresStatement,
  TextQueryClient,
} from './postgres-client.ts'
export { createPostgresStorage } from './postgres-storage.ts'
export type { PostgresStorageOptions } from './postgres-storage.ts'
