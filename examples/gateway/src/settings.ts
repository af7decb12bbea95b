import { z } from 'zod'

const secret = (length: number, command: string) => {
  const error = `must be set to ${length} characters or more: ${command}`
  return z.string({ error }).min(length, error)
}

const environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(4300),
  DIRECTORY_PORT: z.coerce.number().int().min(1).max(65_535).default(4301),
  LEDGER_PORT: z.coerce.number().int().min(1).max(65_535).default(4302),
  DATABASE_URL: z.string().default('postgres://127.0.0.1:5432/gateway'),
  /** Encrypts the signing keys at rest. */
  KEY_SECRET: secret(32, 'openssl rand -base64 32'),
  /** The secret with which the gateway authenticates to the authorization server. */
  GATEWAY_SECRET: secret(16, 'openssl rand -hex 16'),
  /** Networks from which Claude may get tokens. */
  CLIENT_NETWORKS: z.string().default('127.0.0.0/8,::1,10.0.0.0/8'),
  TRUSTED_PROXIES: z.string().default(''),
})

const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** What the gateway is run with. */
export interface Settings {
  readonly port: number
  readonly directoryPort: number
  readonly ledgerPort: number
  readonly databaseUrl: string
  readonly keySecret: string
  readonly gatewaySecret: string
  readonly clientNetworks: readonly string[]
  readonly trustedProxies: readonly string[]
}

/** @throws {Error} with a line for each variable that is missing or malformed */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environment.safeParse(env)
  if (!parsed.success)
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'))
  const { data } = parsed
  return {
    port: data.PORT,
    directoryPort: data.DIRECTORY_PORT,
    ledgerPort: data.LEDGER_PORT,
    databaseUrl: data.DATABASE_URL,
    keySecret: data.KEY_SECRET,
    gatewaySecret: data.GATEWAY_SECRET,
    clientNetworks: list(data.CLIENT_NETWORKS),
    trustedProxies: list(data.TRUSTED_PROXIES),
  }
}
