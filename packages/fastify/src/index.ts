/**
 * Mounts a Gatewright handler on Fastify.
 *
 * @module @gatewright/fastify
 */
export { mount } from './mount.ts'
export type { MountOptions } from './mount.ts'
