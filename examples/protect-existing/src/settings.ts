import type { tokenProfiles } from '@gatewright/resource-server'
import { z } from 'zod'

/** Products whose tokens are not quite those of RFC 9068 §2. */
const profiles = ['auth0', 'casdoor', 'keycloak'] as const satisfies (keyof typeof tokenProfiles)[]

const environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  PUBLIC_URL: z.url().optional(),
  ISSUER: z.url({ error: 'must be the issuer of your tokens, such as https://sso.example.com/realms/acme' }),
  TOKENS: z.enum(profiles, { error: `must be one of ${profiles.join(', ')}, or absent` }).optional(),
})

/** What the server is run with. */
export interface Settings {
  readonly port: number
  /** The URL of the MCP server, which tokens must be for. */
  readonly resource: string
  /** Who issues the tokens, to the letter as its metadata say. */
  readonly issuer: string
  readonly profile?: (typeof profiles)[number] | undefined
}

/** @throws {Error} with a line for each variable that is missing or malformed */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environment.safeParse(env)
  if (!parsed.success)
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'))
  const {
    PORT: port,
    PUBLIC_URL: url = `http://localhost:${port}`,
    ISSUER: issuer,
    TOKENS: profile,
  } = parsed.data
  return { port, resource: new URL('/mcp', url).href, issuer, profile }
}
