import { isStorageError, StorageError } from '@gatewright/storage'
import { isVaultError, VaultError } from '@gatewright/storage/vault'
import { expect, it } from 'vitest'

it('an error of another copy of the package is recognized by its brand', () => {
  const foreign = Object.assign(new Error('full'), {
    [Symbol.for('gatewright.StorageError')]: true,
    code: 'full',
  })
  expect(isStorageError(foreign)).toBe(true)
  expect(isStorageError(new StorageError('busy', 'locked'))).toBe(true)
  expect(isVaultError(new VaultError('tampered', 'changed'))).toBe(true)
})

it('nothing else is taken for one', () => {
  for (const other of [
    new Error('full'),
    { code: 'full' },
    null,
    undefined,
    'full',
    new VaultError('tampered', ''),
  ])
    expect(isStorageError(other)).toBe(false)
  expect(isVaultError(new StorageError('busy', 'locked'))).toBe(false)
})
