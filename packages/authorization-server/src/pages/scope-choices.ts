import { html } from './html.ts'
import type { Html } from './html.ts'

/** A scope as users read it. */
export interface DescribedScope {
  readonly name: string
  readonly description: string
}

// OpenID Connect Core 1.0 §5.4: these give claims about the user. `offline_access` gives none, it is about what an app may do.
const aboutTheUser: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'phone', 'address'])

/** One ticked checkbox per scope; what an app may do comes first and apart from what it gets to know. */
export function scopeChoices(scopes: readonly DescribedScope[]): readonly Html[] {
  return [
    choices(
      'What it may do',
      scopes.filter(({ name }) => !aboutTheUser.has(name)),
    ),
    choices(
      'What it may know about you',
      scopes.filter(({ name }) => aboutTheUser.has(name)),
    ),
  ].filter((group) => group !== undefined)
}

function choices(legend: string, scopes: readonly DescribedScope[]): Html | undefined {
  if (scopes.length === 0) return undefined
  return html`<fieldset>
    <legend>${legend}</legend>
    <ul class="scopes">
      ${scopes.map(
        ({ name, description }) =>
          html`<li>
            <label
              ><input type="checkbox" name="scope" value="${name}" checked /><span dir="auto"
                >${description}</span
              ></label
            >
          </li>`,
      )}
    </ul>
  </fieldset>`
}
