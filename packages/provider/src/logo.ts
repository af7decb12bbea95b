import { guardedFetch } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'
import type { ProviderOptions } from './provider-options.ts'

const types = new Set([
  'image/svg+xml',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/x-icon',
  'image/vnd.microsoft.icon',
])
const freshFor = 86_400_000
const retryAfter = 300_000

/**
 * Makes the function that gives a provider's logo as something that a page may show without asking anybody.
 *
 * An https URL is fetched here and inlined, so that the provider does not see who opens the login page. Without an image it is
 * `undefined`, and the next try is five minutes later.
 *
 * @throws {TypeError} when the logo is neither a `data:` image, a path, nor an http(s) URL
 */
export function createLogo(
  what: string,
  { logoUri, reach = 'public', fetch: given }: ProviderOptions,
  runtime: Pick<Runtime, 'now'>,
): () => Promise<string | undefined> {
  if (logoUri === undefined || /^(?:data:image\/|\/(?![/\\]))/.test(logoUri)) return async () => logoUri
  if (!URL.canParse(logoUri) || !/^https?:/.test(logoUri))
    throw new TypeError(`${what}: logoUri must be a data: image, a path on your origin or an https URL`)
  const send = guardedFetch({ reach, maximumBytes: 65_536, timeout: 2, ...(given && { fetch: given }) })
  let known: { readonly logo: Promise<string | undefined>; readonly until: number } | undefined
  return () => {
    const now = runtime.now()
    if (known !== undefined && now < known.until) return known.logo
    const fetched = fetchLogo(logoUri, send).catch(() => {
      known = { logo: fetched, until: now + retryAfter }
      return undefined
    })
    known = { logo: fetched, until: now + freshFor }
    return fetched
  }
}

async function fetchLogo(url: string, send: typeof fetch): Promise<string | undefined> {
  const response = await send(url, { headers: { accept: 'image/*' } })
  const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (response.status !== 200 || !types.has(type)) throw new Error(`there is no image at ${url}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  return `data:${type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
}
