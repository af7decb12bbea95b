import { resolve } from 'node:path'

/** Everything about this program that an installation may want to change; each is an environment variable. */
export interface Settings {
  readonly host: string
  readonly port: number
  /** The public URL of the server, as browsers and clients see it. */
  readonly publicUrl: string
  /** What the pages call the product. */
  readonly productName: string
  /** The name under which a client's configuration lists this server. */
  readonly serverKey: string
  /** Where the MCP endpoint is. */
  readonly mcpPath: string
  /** The SQLite file. */
  readonly database: string
  /** The file with the secret that protects the signing keys at rest; made at the first start. */
  readonly secretFile: string
}

/** Reads the settings. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const host = environment.HOST ?? '127.0.0.1'
  const port = Number(environment.PORT ?? 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`PORT must be a port number, got "${environment.PORT}"`)
  const data = resolve(environment.DATA_DIR ?? '.data')
  return {
    host,
    port,
    publicUrl: environment.PUBLIC_URL ?? `http://${host}:${port}`,
    productName: environment.PRODUCT_NAME ?? 'Acme Identity',
    serverKey: environment.SERVER_KEY ?? 'acme',
    mcpPath: environment.MCP_PATH ?? '/api/mcp',
    database: environment.DATABASE ?? resolve(data, 'application-admin.db'),
    secretFile: environment.SECRET_FILE ?? resolve(data, 'secret'),
  }
}
