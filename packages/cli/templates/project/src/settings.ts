/** What this program is run with. The environment comes from the file `.env`. */
export interface Settings {
  readonly port: number
  /** The URL under which clients and browsers reach this server; behind a proxy, the https one. */
  readonly publicUrl: string
  /** Protects the signing keys at rest: whoever has it can read them. */
  readonly keySecret: string
}

/** Reads the settings, and says what is missing. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const port = Number(env['PORT'] ?? 3000)
  const keySecret = env['KEY_SECRET'] ?? ''
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT must be a port number')
  if (keySecret.length < 32)
    throw new Error('KEY_SECRET must have 32 characters or more; `npx gatewright keys secret` makes one')
  return { port, publicUrl: env['PUBLIC_URL'] ?? `http://localhost:${port}`, keySecret }
}
