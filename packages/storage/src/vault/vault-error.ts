const brand = Symbol.for('gatewright.VaultError')

/**
 * Why a sealed text could not be opened: `malformed`, it is no sealed text of a known version; `unknown_key`, none
 * of the secrets sealed it; `tampered`, it or its context differs from what was sealed.
 *
 * @group Errors
 */
export type VaultErrorCode = 'malformed' | 'unknown_key' | 'tampered'

/**
 * A sealed text could not be opened. Carries neither the text nor a secret nor a cause.
 *
 * @group Errors
 */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly code: VaultErrorCode
  readonly [brand] = true

  constructor(code: VaultErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Tells whether something thrown is a {@link VaultError}, also one of another copy of this package.
 *
 * @group Errors
 */
export function isVaultError(error: unknown): error is VaultError {
  return typeof error === 'object' && error !== null && brand in error
}
