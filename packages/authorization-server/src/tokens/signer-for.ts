import type { Signer } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'

/**
 * The key that signs for a reader who wants a certain algorithm, or the server's own choice.
 *
 * @throws {TypeError} when the keys have none of that algorithm: the reader would refuse every other
 */
export async function signerFor(
  algorithm: string | undefined,
  now: number,
  server: ServerContext,
): Promise<Signer> {
  const signer = await server.keys.signer(now, algorithm)
  // Keys of the integrator may not look at the algorithm.
  if (algorithm !== undefined && signer.alg !== algorithm)
    throw new TypeError(`there is no signing key for ${algorithm}`)
  return signer
}
