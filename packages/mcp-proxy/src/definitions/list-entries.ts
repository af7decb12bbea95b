import type { StandardSchema } from '@gatewright/mcp'
import { type Client, ProtocolError } from '@modelcontextprotocol/client'

const maximumPages = 50

/** What an upstream lists: nobody has looked at it yet. */
export interface Listing {
  readonly entries: readonly unknown[]
  /** Whether it listed more than is looked at. */
  readonly cut: boolean
}

/** A schema that lets everything pass: the SDK would refuse a whole list for one entry that is wrong; each is looked at by itself. */
export const anyResult: StandardSchema<unknown, Readonly<Record<string, unknown>>> = {
  '~standard': {
    version: 1,
    vendor: 'gatewright',
    validate: (value) => ({ value: (value ?? {}) as Readonly<Record<string, unknown>> }),
  },
}

/** A list of an upstream, page by page, within a number. An upstream that does not know the list has nothing in it. @throws {Error} when it does not answer with a list */
export async function listEntries(
  client: Client,
  { method, member }: { readonly method: string; readonly member: string },
  { maximumEntries, timeout }: { readonly maximumEntries: number; readonly timeout: number },
): Promise<Listing> {
  const entries: unknown[] = []
  const options = { timeout: timeout * 1000, maxTotalTimeout: timeout * 1000 }
  let params: { cursor?: string } = {}
  for (let page = 0; page < maximumPages; page++) {
    const answer = await client.request({ method, params }, anyResult, options).catch(ifUnknown)
    if (answer === undefined) return { entries, cut: false }
    const part = answer[member]
    if (!Array.isArray(part)) throw new Error(`the upstream answers ${method} with no list`)
    entries.push(...(part as unknown[]))
    if (entries.length > maximumEntries) return { entries: entries.slice(0, maximumEntries), cut: true }
    if (typeof answer.nextCursor !== 'string') return { entries, cut: false }
    params = { cursor: answer.nextCursor }
  }
  return { entries, cut: true }
}

function ifUnknown(error: unknown): undefined {
  if (error instanceof ProtocolError && error.code === -32601) return undefined
  throw error
}
