import type { Listing, Storage } from '@gatewright/storage'

const pageSize = 100

/**
 * The ids of a collection in a partition, page by page.
 *
 * @throws {TypeError} when the storage cannot list
 */
export async function listAll(
  storage: Storage & Partial<Listing>,
  partition: string,
  collection: string,
  now: number,
): Promise<string[]> {
  if (storage.list === undefined)
    throw new TypeError('this storage cannot list; pass one that implements Listing')
  const found: string[] = []
  for (let after: string | undefined; ;) {
    const page = { limit: pageSize, now, ...(after === undefined ? {} : { after }) }
    const ids = await storage.list(partition, collection, page)
    found.push(...ids)
    after = ids.at(-1)
    if (after === undefined || ids.length < pageSize) return found
  }
}
