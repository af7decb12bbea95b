/**
 * Encryption at rest for what must be stored and read back: upstream tokens, private keys.
 *
 * @module @gatewright/storage/vault
 */
export { createVault } from './vault/create-vault.ts'
export type { Vault, VaultOptions } from './vault/create-vault.ts'
export { isVaultError, VaultError } from './vault/vault-error.ts'
export type { VaultErrorCode } from './vault/vault-error.ts'
