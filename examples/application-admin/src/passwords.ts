import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)

/** Hashes a password for the database. An empty password makes an account that nobody can log in to. */
export function hashPassword(password: string): string {
  if (password === '') return ''
  const salt = randomBytes(16)
  return `${salt.toString('base64url')}.${scryptSync(password, salt, 32).toString('base64url')}`
}

const nobody = hashPassword('nobody has this password')

/** Whether a password is the one that was hashed. It takes as long for a user that does not exist. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [salt = '', expected = ''] = (hash || nobody).split('.')
  const derived = await derive(password, Buffer.from(salt, 'base64url'), 32)
  return timingSafeEqual(derived, Buffer.from(expected, 'base64url')) && Boolean(hash)
}
