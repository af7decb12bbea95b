/**
 * Gatewright storage on SQLite, on any of its synchronous drivers.
 *
 * @module @gatewright/storage-sqlite
 */
export type { Durability } from './set-up-connection.ts'
export type { SqliteDatabase, SqliteParameter, SqliteStatement } from './sqlite-database.ts'
export { createSqliteStorage } from './sqlite-storage.ts'
export type { SqliteStorageOptions } from './sqlite-storage.ts'
