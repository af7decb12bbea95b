import type { ProviderChoice } from '@gatewright/core'
import { durationInWords } from './duration-in-words.ts'
import { fill, fillText, isolated } from './fill.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import type { Language, Messages } from './languages/language.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'
import { scopeChoices } from './scope-choices.ts'
import type { DescribedScope } from './scope-choices.ts'
import { warningSign } from './warning-sign.ts'

/** What the consent page shows. */
export interface ConsentPage extends Branding {
  readonly clientId: string
  readonly clientName: string
  /** Whether the operator registered the client; what others say about themselves is not checked. */
  readonly verified: boolean
  /** The host that the answer goes to. Absent when a device fetches it. */
  readonly redirectHost?: string | undefined
  /** The code that the device shows. Absent when the answer is not for a device. */
  readonly userCode?: string | undefined
  /** Whether the request was started somewhere else than in this browser, and the client fetches the answer. @default false */
  readonly elsewhere?: boolean | undefined
  /** What the client shows where such a request was started. */
  readonly bindingMessage?: string | undefined
  /** Whether the answer goes to a program on the user's own machine, which anybody may have started. */
  readonly loopback: boolean
  /** What the signed-in user is called. Absent while nobody is signed in. */
  readonly userName?: string | undefined
  /** Where the user signs in next. Absent when that is not needed. */
  readonly provider?: ProviderChoice | undefined
  readonly scopes: readonly DescribedScope[]
  /** What the client asks for beyond scopes, in words; allowed as a whole. @default none */
  readonly details?: readonly string[] | undefined
  /** Seconds after which the user has to approve again, whatever is refreshed. Absent: the page does not say. */
  readonly lifetime?: number | undefined
  /** Whether there is an account page where the user can end the access. @default true */
  readonly disconnectable?: boolean | undefined
  readonly action: string
  readonly csrf: string
}

/**
 * The page that asks the user what a client may do.
 *
 * Enter in a checkbox presses the first button of the form: that is "Deny", so that nobody allows by accident. Nothing
 * has the focus at first, so that Enter alone does nothing.
 */
export function consentPage(page: ConsentPage): Html {
  const language = page.language ?? english
  const { messages } = language
  const product = isolated(page.productName)
  const client = html`<span class="clamp"><bdi>${page.clientName}</bdi></span>`
  return layout(
    page,
    fillText(messages.allowTitle, { client: page.clientName }),
    html`<h1 class="request">${fill(messages.wantsAccess, { client, product })}</h1>
      ${whoIsAsked(page, messages)} ${warnings(page, messages)}
      <form id="consent" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        ${page.provider && html`<input type="hidden" name="provider" value="${page.provider.id}" />`}
        ${scopeChoices(page.scopes, language)}
        ${page.scopes.length > 1 && html`<p class="muted">${messages.untick}</p>`} ${asksFor(page, messages)}
        ${facts(page, language)}
        <div class="actions">
          <button type="submit" name="decision" value="deny">${messages.deny}</button>
          <button class="primary" type="submit" name="decision" value="approve">${messages.allow}</button>
        </div>
      </form>`,
  )
}

function whoIsAsked({ provider, userName }: ConsentPage, messages: Messages): Html | false {
  const strong = (name: string) => html`<strong><bdi>${name}</bdi></strong>`
  if (provider !== undefined)
    return html`<p class="muted">${fill(messages.signInNext, { provider: strong(provider.name) })}</p>`
  if (userName === undefined) return false
  return html`<p class="muted">${fill(messages.signedInAs, { user: strong(userName) })}</p>`
}

// No checkbox: what the app needs for one deed is allowed with it or not at all.
function asksFor({ details = [] }: ConsentPage, messages: Messages): Html | false {
  return (
    details.length > 0 &&
    html`<section id="details">
      <h2>${messages.asksFor}</h2>
      <ul>
        ${details.map((text) => html`<li dir="auto">${text}</li>`)}
      </ul>
    </section>`
  )
}

function facts(page: ConsentPage, language: Language): Html {
  const { messages } = language
  const host = page.redirectHost !== undefined && html`<bdi class="host">${page.redirectHost}</bdi>`
  const ends = whenAccessEnds(page, language)
  return html`<dl class="facts">
    ${
      page.userCode !== undefined &&
      html`<div>
        <dt>${messages.deviceCode}</dt>
        <dd>${codeOf(page.userCode)}</dd>
      </div>`
    }
    ${
      page.bindingMessage !== undefined &&
      html`<div>
        <dt>${messages.bindingMessage}</dt>
        <dd>${codeOf(page.bindingMessage)}</dd>
      </div>`
    }
    ${
      host !== false &&
      html`<div>
        <dt>${messages.sentTo}</dt>
        <dd>${page.loopback ? fill(messages.thisDevice, { host }) : host}</dd>
      </div>`
    }
    ${
      ends !== undefined &&
      html`<div>
        <dt>${messages.accessEnds}</dt>
        <dd>${ends}</dd>
      </div>`
    }
  </dl>`
}

function whenAccessEnds(page: ConsentPage, { tag, messages }: Language): Html | undefined {
  const { lifetime, productName, disconnectable = true } = page
  const product = isolated(productName)
  if (lifetime === undefined) return disconnectable ? fill(messages.accessEndsByHand, { product }) : undefined
  const duration = html`${durationInWords(lifetime, tag)}`
  return fill(disconnectable ? messages.accessEndsAfter : messages.accessEndsAtMost, { product, duration })
}

const codeOf = (userCode: string) => html`<bdi class="host">${userCode}</bdi>`

function warnings(page: ConsentPage, messages: Messages): Html | false {
  const { verified, loopback, productName, userCode, bindingMessage } = page
  const elsewhere = page.elsewhere === true
  if (verified && !loopback && userCode === undefined && !elsewhere) return false
  const product = isolated(productName)
  const mild = verified && userCode === undefined && !elsewhere
  return html`<div class="${mild ? 'notice' : 'notice warn'}" role="note">
    ${warningSign}
    <div>
      ${
        !verified &&
        html`<p>
          <strong>${messages.unverifiedTitle}</strong> ${fill(messages.unverifiedText, { product })}
        </p>`
      }
      ${
        userCode !== undefined &&
        html`<p>
          <strong>${messages.otherDeviceTitle}</strong>
          ${fill(messages.otherDeviceText, { code: codeOf(userCode) })}
        </p>`
      }
      ${
        elsewhere &&
        html`<p>
          <strong>${messages.elsewhereTitle}</strong>
          ${
            bindingMessage === undefined
              ? messages.elsewhereText
              : fill(messages.elsewhereMessageText, { message: codeOf(bindingMessage) })
          }
        </p>`
      }
      ${loopback && html`<p><strong>${messages.onDeviceTitle}</strong> ${messages.onDeviceText}</p>`}
    </div>
  </div>`
}
