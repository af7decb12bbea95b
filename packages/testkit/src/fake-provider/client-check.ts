import { constantTimeEqual } from '@gatewright/core'

/** Whether a token request proves to come from the client: by Basic, encoded or raw, by the form, or by an assertion. */
export function isClient(
  headers: Headers,
  form: URLSearchParams,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string | undefined },
): boolean {
  if (clientSecret === undefined) return true
  const basic = /^Basic (.+)$/.exec(headers.get('authorization') ?? '')?.[1]
  if (basic !== undefined) {
    const [id = '', secret = ''] = decode(basic).split(/:(.*)/s)
    const raw = id === clientId && constantTimeEqual(secret, clientSecret)
    return raw || (unescape(id) === clientId && constantTimeEqual(unescape(secret), clientSecret))
  }
  return (
    form.get('client_id') === clientId && constantTimeEqual(form.get('client_secret') ?? '', clientSecret)
  )
}

function decode(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
}

function unescape(text: string): string {
  return new URLSearchParams(`x=${text}`).get('x') ?? ''
}
