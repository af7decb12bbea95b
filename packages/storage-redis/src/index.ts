/**
 * Gatewright storage on Redis or Valkey, through ioredis or node-redis.
 *
 * @module @gatewright/storage-redis
 */
export { checkRedisSettings } from './check-redis-settings.ts'
export type { RedisFinding } from './check-redis-settings.ts'
export type { IoredisClient, NodeRedisClient, NodeRedisCluster, RedisClient } from './redis-client.ts'
export { createRedisStorage } from './redis-storage.ts'
export type { RedisStorageOptions } from './redis-storage.ts'
