import type { Client } from '../clients/client.ts'
import type { ResourceOptions } from '../resource-options.ts'
import type { ServerContext } from '../server-context.ts'

/** The resources that the operator leaves open to a client. */
export function openResources(client: Client, server: ServerContext): readonly ResourceOptions[] {
  return server.options.resources.filter(
    ({ resource }) => client.resources === undefined || client.resources.includes(resource),
  )
}
