import type { Settings } from './settings.ts'

/** Where everything is: each server is a resource of its own, so a token for one opens no other. */
export function addresses({
  port,
  directoryPort,
  ledgerPort,
}: Pick<Settings, 'port' | 'directoryPort' | 'ledgerPort'>) {
  const origin = `http://127.0.0.1:${port}`
  return {
    issuer: origin,
    gateway: `${origin}/mcp`,
    directory: `http://127.0.0.1:${directoryPort}/v1`,
    ledger: `http://127.0.0.1:${ledgerPort}/mcp`,
  }
}

export type Addresses = ReturnType<typeof addresses>
