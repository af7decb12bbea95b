import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What is remembered between two runs for one server and client. */
export interface Credentials {
  readonly client?: Readonly<Record<string, unknown>> | undefined
  readonly tokens?: Readonly<Record<string, unknown>> | undefined
  /** The scopes that were configured when the tokens were got. */
  readonly scopes?: string | undefined
  /** The authorization server that the tokens are from. */
  readonly issuer?: string | undefined
}

/** The place of the credentials of one server and client. */
export interface CredentialFile {
  readonly path: string
  read(): Credentials
  /** Replaces what was remembered, at once and readable by nobody else. */
  write(credentials: Credentials): void
  remove(): void
}

/**
 * The directory of this user's credentials.
 *
 * `GATEWRIGHT_HOME` names another one.
 */
export function credentialDirectory(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env['GATEWRIGHT_HOME']) return env['GATEWRIGHT_HOME']
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'gatewright')
  if (platform === 'win32') return join(env['APPDATA'] ?? homedir(), 'gatewright')
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'gatewright')
}

/** The credentials for a server, kept apart for each client id. */
export function credentialFile(
  directory: string,
  server: string,
  clientId: string | undefined,
): CredentialFile {
  const name = createHash('sha256')
    .update(JSON.stringify([server, clientId ?? null]))
    .digest('hex')
    .slice(0, 32)
  const path = join(directory, `${name}.json`)
  return {
    path,
    read() {
      try {
        const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
        return typeof value === 'object' && value !== null ? value : {}
      } catch {
        // None yet, or one that was damaged: signing in again makes a new one.
        return {}
      }
    },
    write(credentials) {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      // The mode counts only when a directory or file is made.
      chmodSync(directory, 0o700)
      const draft = `${path}.${process.pid}`
      rmSync(draft, { force: true })
      writeFileSync(draft, JSON.stringify({ server, ...credentials }), { mode: 0o600, flag: 'wx' })
      renameSync(draft, path)
    },
    remove: () => rmSync(path, { force: true }),
  }
}
