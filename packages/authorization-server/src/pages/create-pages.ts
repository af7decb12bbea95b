import { accountPage } from './account-page.ts'
import type { AccountPage } from './account-page.ts'
import { consentPage } from './consent-page.ts'
import type { ConsentPage } from './consent-page.ts'
import { deviceCodePage } from './device-code-page.ts'
import type { DeviceCodePage } from './device-code-page.ts'
import { deviceDonePage } from './device-done-page.ts'
import type { DeviceDonePage } from './device-done-page.ts'
import { errorPage } from './error-page.ts'
import type { ErrorPage } from './error-page.ts'
import { formPostPage, submitScript } from './form-post-page.ts'
import type { FormPostPage } from './form-post-page.ts'
import type { Html } from './html.ts'
import { chinese } from './languages/chinese.ts'
import { acceptedLanguages, chooseLanguage } from './languages/choose-language.ts'
import { english } from './languages/english.ts'
import type { Language } from './languages/language.ts'
import { spanish } from './languages/spanish.ts'
import type { Branding } from './layout.ts'
import { loginPage } from './login-page.ts'
import type { LoginPage } from './login-page.ts'
import { logoutPage, signedOutPage } from './logout-page.ts'
import type { LogoutPage, SignedOutPage } from './logout-page.ts'
import { pageResponse } from './page-response.ts'
import { themeStyle } from './theme.ts'
import type { Theme } from './theme.ts'

/** What each page of the server shows. */
export interface PageContents {
  readonly login: LoginPage
  readonly consent: ConsentPage
  readonly account: AccountPage
  readonly deviceCode: DeviceCodePage
  readonly deviceDone: DeviceDonePage
  readonly logout: LogoutPage
  readonly signedOut: SignedOutPage
  readonly formPost: FormPostPage
  readonly error: ErrorPage
}

/** One function for each page. What it returns is sent with the same protecting headers, whoever wrote it. */
export type PageRenderers = {
  readonly [Name in keyof PageContents]: (page: PageContents[Name]) => Html
}

const builtIn: PageRenderers = {
  login: loginPage,
  consent: consentPage,
  account: accountPage,
  deviceCode: deviceCodePage,
  deviceDone: deviceDonePage,
  logout: logoutPage,
  signedOut: signedOutPage,
  formPost: formPostPage,
  error: errorPage,
}

/** The look, the languages and the markup of the pages. */
export interface PageOptions {
  /** @default the colors of the stylesheet */
  readonly theme?: Theme
  /** The languages there are; the first is for visitors who want none of them. @default [english, chinese, spanish] */
  readonly languages?: readonly [Language, ...Language[]]
  /** Functions that replace a page. @default the built-in ones */
  readonly render?: Partial<PageRenderers>
}

/** Who a page is for: what the browser accepts, and what the client says about its user. */
export interface PageVisitor {
  readonly http: Request
  readonly uiLocales?: readonly string[] | undefined
}

/** The pages of one server. */
export interface Pages {
  /** Sends a page in the visitor's language and the integrator's look. */
  show<Name extends keyof PageContents>(
    name: Name,
    content: Omit<PageContents[Name], keyof Branding>,
    visitor: PageVisitor,
    status?: number,
  ): Promise<Response>
}

/**
 * Makes the pages of a server.
 *
 * @throws {TypeError} when the theme is not made of custom properties with plain values, or a language is missing its tag
 */
export function createPages(productName: string, options: PageOptions): Pages {
  const { theme, languages = [english, chinese, spanish] } = options
  const renderers: PageRenderers = { ...builtIn, ...options.render }
  if (theme !== undefined) themeStyle(theme)
  for (const { tag } of languages)
    if (Intl.NumberFormat.supportedLocalesOf(tag).length === 0)
      throw new TypeError(`pages: the runtime knows no language "${tag}"`)
  return {
    show(name, content, { http, uiLocales = [] }, status) {
      const wanted = [...uiLocales, ...acceptedLanguages(http.headers.get('accept-language'))]
      const language = chooseLanguage(languages, wanted)
      const page = { ...content, productName, theme, language } as unknown as PageContents[typeof name]
      return pageResponse(renderers[name](page), status, name === 'formPost' ? submitScript : undefined)
    },
  }
}
