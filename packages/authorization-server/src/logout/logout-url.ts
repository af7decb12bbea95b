import { createVault } from '@gatewright/storage/vault'

const context = 'logout url'

/** Seals where a browser signs out at its provider: the URL carries an ID token, and only that browser has use for it. */
export function sealLogoutUrl(url: string, secret: string): Promise<string> {
  return createVault({ secrets: secret }).seal(url, context)
}

/** Opens it again, with the secret that the browser brought. */
export function openLogoutUrl(sealed: string, secret: string): Promise<string> {
  return createVault({ secrets: secret }).open(sealed, context)
}
