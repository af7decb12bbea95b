import type { AccountPage } from './account-page.ts'
import type { ConsentPage } from './consent-page.ts'
import type { DeviceCodePage } from './device-code-page.ts'
import type { DeviceDonePage } from './device-done-page.ts'
import type { ErrorPage } from './error-page.ts'
import { submitScript } from './form-post-page.ts'
import type { FormPostPage } from './form-post-page.ts'
import type { Html } from './html.ts'
import { acceptedLanguages, chooseLanguage } from './languages/choose-language.ts'
import type { Language } from './languages/language.ts'
import type { Branding } from './layout.ts'
import type { LoginPage } from './login-page.ts'
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

/** The look of the pages, their languages, and the markup of those that every server has. */
export interface PageParts {
  /** @default the colors of the stylesheet */
  readonly theme?: Theme | undefined
  /** The languages there are; the first is for visitors who want none of them. */
  readonly languages: readonly [Language, ...Language[]]
  /** `loginPage`, `consentPage` and `errorPage` or your own, and what replaces a page of an endpoint. */
  readonly render: Pick<PageRenderers, 'login' | 'consent' | 'error'> & Partial<PageRenderers>
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
export function createPages(productName: string, { theme, languages, render }: PageParts): Pages {
  const renderers: { readonly [Name in keyof PageContents]?: PageRenderers[Name] } = render
  if (theme !== undefined) themeStyle(theme)
  for (const { tag } of languages)
    if (Intl.NumberFormat.supportedLocalesOf(tag).length === 0)
      throw new TypeError(`pages: the runtime knows no language "${tag}"`)
  return {
    async show(name, content, { http, uiLocales = [] }, status) {
      const renderer = renderers[name]
      if (renderer === undefined) throw new TypeError(`pages.render has no ${name}`)
      const wanted = [...uiLocales, ...acceptedLanguages(http.headers.get('accept-language'))]
      const language = chooseLanguage(languages, wanted)
      const page = { ...content, productName, theme, language } as unknown as PageContents[typeof name]
      return pageResponse(renderer(page), status, name === 'formPost' ? submitScript : undefined)
    },
  }
}
