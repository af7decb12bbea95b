import type { ResolvedOptions } from '../options.ts'

/** The JWS algorithms of client assertions. RFC 8414 §2 wants them wherever a method that signs is on offer. */
export function signingAlgorithms({ clientAuthentication }: ResolvedOptions): readonly string[] {
  return [...new Set(clientAuthentication.flatMap(({ signingAlgorithms: names = [] }) => names))]
}
