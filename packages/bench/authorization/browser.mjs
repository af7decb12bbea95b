import { createHash } from 'node:crypto'
import * as shape from './shape.mjs'

/**
 * Signs the user in with the server's own pages and allows the client, as a browser would.
 *
 * @returns the cookie that the browser has then
 */
export async function signInOnce(server) {
  let cookie = ''
  async function send(url, form) {
    const headers = { accept: 'text/html', cookie }
    const init =
      form === undefined
        ? { headers }
        : {
            method: 'POST',
            body: form.toString(),
            headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          }
    const response = await server.handle(new Request(new URL(url, shape.origin), init), { ip: '192.0.2.1' })
    const [set] = response.headers.getSetCookie()
    if (set !== undefined) cookie = set.split(';')[0]
    const location = response.headers.get('location')
    if (location?.startsWith(`${shape.origin}/`)) return send(location)
    return { page: await response.text(), location }
  }
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: shape.publicClient,
    redirect_uri: shape.redirectUri,
    scope: shape.scope,
    resource: shape.resource,
    code_challenge: createHash('sha256').update('a verifier that nobody uses'.repeat(2)).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const login = formOf((await send(`/authorize?${query}`)).page, 'login')
  login.fields.set('username', shape.user)
  login.fields.set('password', 'any')
  const consent = formOf((await send(login.action, login.fields)).page, 'consent')
  consent.fields.set('decision', 'approve')
  const { location, page } = await send(consent.action, consent.fields)
  if (location?.includes('code=') !== true)
    throw new Error(`signing in led to ${location}: ${page.slice(-500)}`)
  return { cookie }
}

function formOf(page, id) {
  const [, action, content] =
    new RegExp(`<form id="${id}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page) ?? []
  if (action === undefined) throw new Error(`there is no form "${id}" on the page: ${page.slice(-500)}`)
  const fields = new URLSearchParams()
  for (const [input] of content.matchAll(/<input[^>]*>/g)) {
    const attribute = (name) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1]?.replaceAll('&amp;', '&')
    if (attribute('name') !== undefined) fields.append(attribute('name'), attribute('value') ?? '')
  }
  return { action: action.replaceAll('&amp;', '&'), fields }
}
