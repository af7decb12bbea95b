/**
 * Mounts a Gatewright handler on Express.
 *
 * @module @gatewright/express
 */
export { mount } from './mount.ts'
export type { ExpressMiddleware, MountOptions } from './mount.ts'
