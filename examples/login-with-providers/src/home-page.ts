import { html, layout, pageResponse } from '@gatewright/authorization-server'
import type { PortalUser } from './user-store.ts'

/** The page at the root: who is signed in, and what is known of them. */
export function homePage(productName: string, user: PortalUser | undefined): Promise<Response> {
  if (user === undefined)
    return pageResponse(
      layout(
        { productName },
        'Welcome',
        html`<h1>Welcome to ${productName}</h1>
          <p>Sign in with an account that you have already.</p>
          <p><a href="/account">Sign in</a></p>`,
      ),
    )
  const { name, preferred_username: username, email, phone_number: phone } = user.claims
  const facts = {
    Name: name,
    'User name': username,
    'E-mail': email,
    Phone: phone,
    'Signed in with': user.provider,
  }
  const known = Object.entries(facts).filter((fact): fact is [string, string] => typeof fact[1] === 'string')
  return pageResponse(
    layout(
      { productName },
      'Home',
      html`<h1>You are signed in</h1>
        <dl class="facts">
          ${known.map(
            ([label, value]) =>
              html`<div>
                <dt>${label}</dt>
                <dd><bdi>${value}</bdi></dd>
              </div>`,
          )}
        </dl>
        <p class="aside"><a href="/account">Connected apps, and signing out</a></p>`,
    ),
  )
}
