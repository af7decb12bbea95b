import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Wiki } from './identity-provider.ts'

const program = '/usr/sbin/apache2'
const modules = '/usr/lib/apache2/modules'

/** Why Apache cannot stand in for the wiki, or nothing when it can. */
export const missingApache = [program, `${modules}/mod_auth_openidc.so`].find((path) => !existsSync(path))

/** A wiki at work. */
export interface RunningWiki {
  /** Ends it. */
  stop(): Promise<void>
  /** What Apache wrote to its error log. */
  log(): Promise<string>
}

/** Apache gives root up, so somebody else must be able to read its pages. */
const isRoot = process.getuid?.() === 0

const callbackPath = '/plugins/servlet/oauth/callback'

/** The wiki at an address, as it is entered at the identity provider. */
export function wikiAt(origin: string): Wiki {
  const redirectUri = origin + callbackPath
  return {
    clientId: 'confluence',
    clientSecret: 'confluence-demo-secret',
    redirectUri,
    afterLogout: `${origin}/signed-out.html`,
    backChannelLogout: `${redirectUri}?logout=backchannel`,
  }
}

/** How the wiki proves who it is at the token endpoint. */
export type TokenEndpointAuth = 'client_secret_basic' | 'client_secret_post'

/** Starts Apache in a directory of its own as a wiki whose pages need a sign-in. */
export async function startWiki(
  directory: string,
  port: number,
  issuer: string,
  auth: TokenEndpointAuth = 'client_secret_basic',
): Promise<RunningWiki> {
  const pages = join(directory, 'pages')
  if (isRoot) await chmod(directory, 0o755)
  await mkdir(join(pages, 'wiki'), { recursive: true })
  await mkdir(join(pages, 'admin'), { recursive: true })
  const signOut = `${callbackPath}?logout=${encodeURIComponent(wikiAt(`http://127.0.0.1:${port}`).afterLogout)}`
  await writeFile(
    join(pages, 'wiki', 'index.shtml'),
    `<!doctype html><html lang="en"><title>Wiki</title><h1>Wiki</h1>
<p>Signed in as <b id="name"><!--#echo var="OIDC_CLAIM_preferred_username" --></b>, groups
<b id="groups"><!--#echo var="OIDC_CLAIM_groups" --></b>.
<a href="${signOut}">Sign out</a></html>\n`,
  )
  await writeFile(
    join(pages, 'admin', 'index.shtml'),
    '<!doctype html><title>Administration</title><h1>Administration</h1>\n',
  )
  await writeFile(
    join(pages, 'signed-out.html'),
    '<!doctype html><title>Wiki</title><h1>Signed out of the wiki</h1>\n',
  )
  await writeFile(join(directory, 'apache.conf'), configuration(directory, port, issuer, auth))
  const child = spawn(program, ['-f', join(directory, 'apache.conf'), '-D', 'FOREGROUND'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // What is wrong with the configuration is said here, and not in the log.
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints += String(chunk)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const log = () => readFile(join(directory, 'error.log'), 'utf8').catch(() => '')
  const running: RunningWiki = {
    log,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) throw new Error(`Apache ended at its start:\n${complaints}${await log()}`)
    const answer = await fetch(`http://127.0.0.1:${port}/signed-out.html`).catch(() => undefined)
    if (answer?.ok === true) return running
    if (attempt === 150) {
      await running.stop()
      throw new Error(`Apache does not answer:\n${await log()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function configuration(directory: string, port: number, issuer: string, auth: TokenEndpointAuth): string {
  const wiki = wikiAt(`http://127.0.0.1:${port}`)
  const names = [
    'mpm_event',
    'authn_core',
    'authz_core',
    'authz_user',
    'alias',
    'dir',
    'mime',
    'include',
    'auth_openidc',
  ]
  return `ServerRoot "${directory}"
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
${isRoot ? 'User www-data\nGroup www-data' : ''}
PidFile "${directory}/apache.pid"
ErrorLog "${directory}/error.log"
LogLevel warn auth_openidc:warn
${names.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 16
DocumentRoot "${directory}/pages"
TypesConfig /dev/null
DirectoryIndex index.shtml
AddType text/html .html .shtml
AddOutputFilter INCLUDES .shtml

# What an administrator enters in the wiki. mod_auth_openidc takes endpoints one by one only over https, and all of them
# from the metadata document otherwise; other relying parties have a field for each.
OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCProviderTokenEndpointAuth ${auth}
OIDCClientID ${wiki.clientId}
OIDCClientSecret ${wiki.clientSecret}
OIDCRedirectURI ${wiki.redirectUri}
OIDCScope "address phone openid profile offline_access email"
OIDCPKCEMethod S256
OIDCCryptoPassphrase "only for this demo"
OIDCRemoteUserClaim preferred_username
OIDCPassUserInfoAs claims

<Directory "${directory}/pages">
  Options +Includes
  Require all granted
</Directory>
<Location /wiki>
  AuthType openid-connect
  Require valid-user
</Location>
<Location /admin>
  AuthType openid-connect
  Require claim groups:confluence-administrators
</Location>
<Location ${callbackPath}>
  AuthType openid-connect
  Require valid-user
</Location>
`
}
