import { readFileSync } from 'node:fs'
import { z } from 'zod'

const seconds = (otherwise: number) => z.coerce.number().int().min(0).default(otherwise)

/** A switch of which this version has only some positions. */
function positions<const Now extends string>(now: readonly [Now, ...Now[]], later: readonly string[]) {
  return z
    .string()
    .default(now[0])
    .transform((value, context) => {
      const known = now.find((position) => position === value)
      if (known !== undefined) return known
      const message = later.includes(value)
        ? `"${value}" is not there yet`
        : `must be one of ${now.join(', ')}`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
}

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  ISSUER: z.url().optional(),
  ADAPTER: positions(['express', 'fastify', 'hono', 'node'], []),
  STORAGE: z
    .string()
    .regex(
      /^(memory|sqlite:.+|postgres:\/\/.+|redis:\/\/.+)$/,
      'must be "memory", "sqlite:<file>", "postgres://…" or "redis://…"',
    )
    .default('memory'),
  MCP_SDK: positions(['v2', 'v1'], []),
  ACCESS_TOKEN_FORMAT: positions(['jwt', 'opaque'], []),
  ACCESS_TOKEN_TTL: seconds(900),
  REFRESH_TOKEN_IDLE_TTL: seconds(1_209_600),
  REFRESH_TOKEN_TTL: seconds(7_776_000),
  CODE_TTL: seconds(60),
  REFRESH_REUSE_WINDOW: seconds(30),
  CODE_REPLAY_GRACE: seconds(0),
  SIGNING_ALG: positions(['ES256', 'RS256', 'EdDSA'], []),
  LOGIN: positions(['password', 'upstream', 'choose'], []),
  UP_ISSUER: z.url().optional(),
  UP_CLIENT_ID: z.string().default('target'),
  UP_CLIENT_SECRET: z.string().optional(),
  CUSTOM_AUTH_URL: z.url().optional(),
  CUSTOM_TOKEN_URL: z.url().optional(),
  CUSTOM_USERINFO_URL: z.url().optional(),
  CUSTOM_CLIENT_ID: z.string().default('target'),
  CUSTOM_CLIENT_SECRET: z.string().optional(),
  CUSTOM_SCOPE: z.string().optional(),
  CUSTOM_PKCE: z.enum(['1', '0', 'true', 'false', 'on', 'off']).default('1'),
  DCR: positions(['open', 'off', 'token'], []),
  CIMD: positions(['on', 'off'], []),
  CIMD_LOOPBACK: z.literal('1').optional(),
  DPOP_NONCE: z.literal('1').optional(),
  PKJWT_JWKS: z.string().optional(),
  EXTRA_CLIENTS: z.string().optional(),
  EXTRA_USERS: z.string().optional(),
  TRUSTED_IDP_ISSUER: z.url().optional(),
  TRUSTED_IDP_JWKS: z.string().optional(),
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
  TLS_CLIENT_CA: z.string().optional(),
  RATE_LIMIT: z
    .string()
    .regex(/^(off|[1-9]\d{0,8}\/[1-9]\d{0,4})$/, 'must be "off" or "<requests>/<seconds>"')
    .default('off'),
  EVENTS_KEPT: z.coerce.number().int().min(0).default(1_000_000),
  DEFAULT_SCOPE: z.string().default('read:application'),
  TRUSTED_PROXIES: z.string().optional(),
  MCP_SESSIONS: positions(['off', 'on'], []),
  MCP_CONFORMANCE: z.literal('1').optional(),
  BRIDGE_SPEC: z.string().optional(),
  BRIDGE_BASE_URL: z.url().optional(),
  BRIDGE_SCOPES: z.string().optional(),
  PROXY_URL: z.url().optional(),
  PROXY_TOOLS: z.string().optional(),
  MOUNT: z
    .string()
    .regex(/^\/[\w/-]*[\w-]$/)
    .optional(),
})

/** How it speaks TLS; with `ca` it asks for the certificates of clients. */
export interface TlsSettings {
  readonly cert: string
  readonly key: string
  readonly ca?: string
  readonly requestCert?: boolean
  readonly rejectUnauthorized?: boolean
}

/** The switches of the target, read from the environment. */
export type Settings = z.infer<typeof environment> & {
  readonly origin: string
  readonly issuer: string
  readonly tls: TlsSettings | undefined
}

/**
 * Reads the switches.
 *
 * @throws {Error} with a line for each switch that has a value this version cannot serve
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const known = Object.fromEntries(
    Object.keys(environment.shape).map((name) => [name, env[name] || undefined]),
  )
  const parsed = environment.safeParse(known)
  if (!parsed.success)
    throw new Error(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    )
  const { data } = parsed
  const tls = readTls(data)
  const address = tls === undefined ? `http://${data.HOST}:${data.PORT}` : `https://localhost:${data.PORT}`
  const issuer = data.ISSUER ?? address + (data.MOUNT ?? '')
  return { ...data, tls, issuer, origin: new URL(issuer).origin }
}

function readTls(data: z.infer<typeof environment>): TlsSettings | undefined {
  if (data.TLS_CERT === undefined || data.TLS_KEY === undefined) return undefined
  const files = { cert: readFileSync(data.TLS_CERT, 'utf8'), key: readFileSync(data.TLS_KEY, 'utf8') }
  if (data.TLS_CLIENT_CA === undefined) return files
  const ca = readFileSync(data.TLS_CLIENT_CA, 'utf8')
  // Who has none, or one of its own, is let in as well: the authorization server decides.
  return { ...files, ca, requestCert: true, rejectUnauthorized: false }
}
