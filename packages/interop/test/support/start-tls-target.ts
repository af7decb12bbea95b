import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selfSigned } from '@gatewright/testkit/adapter'
import { serve } from '@gatewright-examples/target/serve'
import { readSettings } from '@gatewright-examples/target/settings'
import { createTarget } from '@gatewright-examples/target'
import { freePort } from './listen.ts'

/** A target that speaks TLS and asks for certificates. */
export interface TlsTarget {
  readonly issuer: string
  readonly mcp: string
  /** The certificate of the server, which is its own authority. */
  readonly ca: string
  readonly stop: () => Promise<void>
}

/** Starts the target with TLS; `authority` is who vouches for clients, `clients` are its extra ones. */
export async function startTlsTarget(authority: string, clients: readonly object[]): Promise<TlsTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-tls-'))
  const { cert, key } = selfSigned('localhost')
  const file = async (name: string, content: string) => {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }
  const settings = readSettings({
    PORT: String(await freePort()),
    ADAPTER: 'node',
    TLS_CERT: await file('cert.pem', cert),
    TLS_KEY: await file('key.pem', key),
    TLS_CLIENT_CA: await file('ca.pem', authority),
    EXTRA_CLIENTS: await file('clients.json', JSON.stringify(clients)),
  })
  const { close } = await serve(createTarget(settings), settings)
  await rm(folder, { recursive: true })
  return { issuer: settings.issuer, mcp: `${settings.origin}/mcp`, ca: cert, stop: close }
}
