/**
 * Gatewright storage on Cloudflare D1.
 *
 * @module @gatewright/storage-sqlite/d1
 */
export { createD1Storage } from './d1/d1-storage.ts'
export type { D1StorageOptions } from './d1/d1-storage.ts'
export type { D1Database, D1Result, D1Statement } from './d1/d1-database.ts'
export { migrate, migrations } from './d1/migrate.ts'
export type { MigrateOptions, Migration } from './d1/migrate.ts'
