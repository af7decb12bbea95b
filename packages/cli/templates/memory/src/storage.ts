import { createMemoryStorage } from '@gatewright/storage'

/** Keeps everything until the process ends; then applications have to be connected anew. */
export function openStorage() {
  return createMemoryStorage()
}
