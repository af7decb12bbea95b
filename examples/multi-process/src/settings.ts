/** What all processes are run with. They must agree on every one of these. */
export interface Settings {
  readonly port: number
  /** Where clients find the balancer. Tokens and metadata say this, whatever process writes them. */
  readonly publicUrl: string
  readonly databaseUrl: string
  /** Protects the signing keys, which all processes share. */
  readonly keySecret: string
  readonly processes: number
}

/** @throws {Error} with a line that says what to set */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const port = Number(env['PORT'] ?? 3000)
  const processes = Number(env['PROCESSES'] ?? 2)
  const keySecret = env['KEY_SECRET'] ?? ''
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT must be a port number')
  if (!Number.isInteger(processes) || processes < 1) throw new Error('PROCESSES must be 1 or more')
  if (keySecret.length < 32)
    throw new Error('KEY_SECRET must be set to 32 characters or more: openssl rand -base64 32')
  return {
    port,
    publicUrl: env['PUBLIC_URL'] ?? `http://127.0.0.1:${port}`,
    databaseUrl: env['DATABASE_URL'] ?? 'postgres://127.0.0.1:5432/gatewright',
    keySecret,
    processes,
  }
}
