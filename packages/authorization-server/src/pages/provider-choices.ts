import type { ProviderChoice } from '@gatewright/core'
import { fill, isolated } from './fill.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Messages } from './languages/language.ts'

/** One button per provider, in a form of their own: it needs neither user name nor password. */
export function providerChoices(
  providers: readonly ProviderChoice[],
  { action, csrf }: { readonly action: string; readonly csrf: string },
  messages: Messages,
): Html {
  return html`<form id="providers" method="post" action="${action}">
    <input type="hidden" name="csrf" value="${csrf}" />
    ${providers.map(
      ({ id, name, logo }) =>
        html`<button class="provider" type="submit" name="provider" value="${id}">
          ${mark(name, logo)}
          <span>${fill(messages.continueWith, { provider: isolated(name) })}</span>
        </button>`,
    )}
  </form>`
}

/** The logo, or the first letter. The name stands beside it, so neither is read out. */
function mark(name: string, logo: string | undefined): Html {
  // What the content security policy blocks would leave a broken image.
  if (logo !== undefined && /^(?:data:image\/|\/(?![/\\]))/.test(logo))
    return html`<img src="${logo}" alt="" width="26" height="26" />`
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? ''
  return html`<span class="letter" aria-hidden="true">${letter}</span>`
}
