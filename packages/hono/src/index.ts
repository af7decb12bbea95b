/**
 * Mounts a Gatewright handler on Hono, on any runtime.
 *
 * @module @gatewright/hono
 */
export { mount } from './mount.ts'
export type { MountOptions } from './mount.ts'
