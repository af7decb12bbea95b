import { clientSubjectPrefix } from '../grants/client-credentials.ts'
import type { VerifiedAssertion } from './verify-assertion.ts'

/**
 * Which user an assertion is about.
 *
 * @throws {Error} when it is about none, or the integrator's function names a client
 */
export async function trustedSubject({ issuer, claims }: VerifiedAssertion): Promise<string> {
  const subject = await issuer.subject(claims)
  if (typeof subject !== 'string' || subject === '') throw new Error('the assertion is about no user of ours')
  // RFC 9700 §4.15: a user must not be taken for a client that acts for itself.
  if (subject.startsWith(clientSubjectPrefix)) throw new Error('the assertion is about a client')
  return subject
}
