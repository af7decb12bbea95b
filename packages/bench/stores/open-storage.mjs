/** Opens an empty storage of a kind, with the way to close it. */
export async function openStorage(kind) {
  switch (kind) {
    case 'memory': {
      const { createMemoryStorage } = await import('@gatewright/storage')
      return { storage: createMemoryStorage({ maxRecords: 20_000_000 }), close: () => {} }
    }
    default:
      throw new Error(`there is no storage "${kind}"`)
  }
}
