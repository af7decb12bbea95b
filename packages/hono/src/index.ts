/**
 * Mounts a Gatewright handler on Hono, on any runtime.
 *
 * @module @gatewright/hono
 */
export { mount, type MountOptions } from './mount.ts'
