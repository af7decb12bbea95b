import { createDpopKey } from '@gatewright/dpop'
import type { DpopKey, ProofContent } from '@gatewright/dpop'
import { issuer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

/** A client's key on the clock of a test. */
export function testKey({ clock }: TestServer): Promise<DpopKey> {
  const randomBytes = (size: number) => crypto.getRandomValues(new Uint8Array(size))
  return createDpopKey({ runtime: { now: clock.now, randomBytes } })
}

/** A proof for a request to an endpoint. */
export function proofFor(
  key: DpopKey,
  path = '/token',
  content: Partial<ProofContent> = {},
): Promise<string> {
  return key.prove({ method: 'POST', url: issuer + path, ...content })
}

/** A certificate, as far as its thumbprint goes. */
export function certificate(name: string): string {
  const encoded = btoa(`the bytes of the certificate of ${name}`)
  return `-----BEGIN CERTIFICATE-----\n${encoded}\n-----END CERTIFICATE-----\n`
}
