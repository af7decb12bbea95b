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
          ${logo !== undefined && html`<img src="${logo}" alt="" width="20" height="20" />`}
          <span>${fill(messages.continueWith, { provider: isolated(name) })}</span>
        </button>`,
    )}
  </form>`
}
