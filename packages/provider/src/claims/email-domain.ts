/**
 * Whether an e-mail address is one of a domain: a plain local part, one `@`, and exactly the domain.
 *
 * Quoted local parts, lookalike characters, blanks and capitals in the domain are refused, since mail servers and user stores
 * read them differently.
 */
export function isEmailOfDomain(email: unknown, domain: string): boolean {
  if (typeof email !== 'string' || email.length > 254) return false
  const [, host] = /^[\w.!#$%&'*+/=?^`{|}~-]+@([a-z0-9.-]+)$/i.exec(email) ?? []
  return host !== undefined && host === domain
}
