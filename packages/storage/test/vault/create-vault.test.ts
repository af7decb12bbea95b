import { inspect } from 'node:util'
import { createVault, isVaultError } from '@gatewright/storage/vault'
import { describe, expect, it } from 'vitest'

// RFC 5116 §5.2 (AES-256-GCM), NIST SP 800-56C Rev. 2 §4.1 (one-step key derivation)

const secret = 'correct-horse-battery-staple-0001'
const other = 'correct-horse-battery-staple-0002'
const vault = createVault({ secrets: secret })

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return isVaultError(error) ? error.code : String(error)
}

describe('a vault', () => {
  it.each(['', 'token', 'a\0b', 'ä 日本語 😀', '\ufeffBOM', '{"a":1}', 'x'.repeat(100_000)])(
    'opens what it sealed (%#)',
    async (plaintext) => {
      expect(await vault.open(await vault.seal(plaintext, 'row 1'), 'row 1')).toBe(plaintext)
    },
  )

  it('opens what the first version of the format sealed', async () => {
    const sealed = 'v1.ucbLpRr5DIQ.01bPsgX364kMtU0QEYGy1Hbg9_JiYjmrRoO6EtA_ShqHMpjKUVplBn4'
    expect(await vault.open(sealed, 'upstream:42')).toBe('refresh-token')
  })

  it('seals the same text differently each time, and shows nothing of it', async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => vault.seal('plain text', 'row 1')))
    expect(new Set(sealed).size).toBe(50)
    for (const text of sealed) {
      expect(text).toMatch(/^v1\.[\w-]{11}\.[\w-]+$/)
      expect(text).not.toContain('plain')
    }
  })

  it('does not open a sealed text that was moved to another row', async () => {
    const sealed = await vault.seal('token', 'user:1')
    expect(await codeOf(vault.open(sealed, 'user:2'))).toBe('tampered')
    expect(await codeOf(vault.open(sealed, 'user:1 '))).toBe('tampered')
  })

  it('does not open a sealed text in which any character was changed, or that was cut or extended', async () => {
    const sealed = await vault.seal('token', 'row 1')
    for (let index = 0; index < sealed.length; index++) {
      const character = sealed[index] === 'A' ? 'Q' : 'A'
      const changed = sealed.slice(0, index) + character + sealed.slice(index + 1)
      expect([index, await codeOf(vault.open(changed, 'row 1'))]).toEqual([
        index,
        expect.stringMatching(/^(malformed|unknown_key|tampered)$/),
      ])
    }
    for (const changed of [sealed.slice(0, -4), `${sealed}AAAA`, sealed.replace('.', '..')])
      expect(await codeOf(vault.open(changed, 'row 1'))).toMatch(/^(malformed|tampered)$/)
  })

  it.each(['', 'v1', 'v1..', 'token', 'v2.AAAAAAAAAAA.AAAA', 'v1.AAAAAAAAAAA.A B', ' ', '\0'])(
    'says malformed for %j',
    async (text) => {
      expect(await codeOf(vault.open(text, 'row 1'))).toBe('malformed')
    },
  )

  it('does not open with another secret', async () => {
    const sealed = await vault.seal('token', 'row 1')
    expect(await codeOf(createVault({ secrets: other }).open(sealed, 'row 1'))).toBe('unknown_key')
  })

  it('does not open a text that was relabelled with the name of another key', async () => {
    const both = createVault({ secrets: [secret, other] })
    const [mine, theirs] = [
      await both.seal('a', 'row 1'),
      await createVault({ secrets: other }).seal('b', 'row 1'),
    ]
    const forged = [mine.split('.')[0], theirs.split('.')[1], mine.split('.')[2]].join('.')
    expect(await codeOf(both.open(forged, 'row 1'))).toBe('tampered')
  })

  it('PV-13 rotates: the first secret seals, all open', async () => {
    const old = await vault.seal('token', 'row 1')
    const rotated = createVault({ secrets: [other, secret] })
    expect(await rotated.open(old, 'row 1')).toBe('token')
    const anew = await rotated.seal('token', 'row 1')
    expect(await createVault({ secrets: other }).open(anew, 'row 1')).toBe('token')
    expect(await codeOf(vault.open(anew, 'row 1'))).toBe('unknown_key')
  })

  it.each([[[]], [['']], [['x'.repeat(31)]], [[secret, 'short']], ['x'.repeat(31)], [[undefined]]])(
    'PV-13 refuses missing and short secrets (%#)',
    (secrets) => {
      expect(() => createVault({ secrets: secrets as string[] })).toThrow(TypeError)
    },
  )

  it('refuses an empty context and lone surrogates, which would make different texts alike', async () => {
    await expect(vault.seal('token', '')).rejects.toThrow(TypeError)
    await expect(vault.seal('token', 'row \ud83d')).rejects.toThrow(TypeError)
    await expect(vault.seal('\ude00', 'row 1')).rejects.toThrow(TypeError)
    await expect(vault.open(await vault.seal('token', 'row 1'), '')).rejects.toThrow(TypeError)
    await expect(vault.seal(undefined as unknown as string, 'row 1')).rejects.toThrow(TypeError)
  })

  it('PV-02 shows neither secret nor text when inspected, in errors or their causes', async () => {
    const sealed = await vault.seal('plain-text', 'row 1')
    const error: unknown = await vault.open(sealed, 'row 2').catch((reason: unknown) => reason)
    const shown = [
      inspect(vault, { depth: 10, showHidden: true }),
      inspect(error, { depth: 10 }),
      JSON.stringify(vault),
    ]
    for (const text of shown) {
      expect(text).not.toContain('horse')
      expect(text).not.toContain('plain-text')
      expect(text).not.toContain(sealed)
    }
  })

  it('is not changed by later changes to the list of secrets', async () => {
    const secrets = [secret]
    const subject = createVault({ secrets })
    secrets[0] = other
    expect(await vault.open(await subject.seal('token', 'row 1'), 'row 1')).toBe('token')
  })
})
