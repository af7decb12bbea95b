import { consentPage } from './consent-page.ts'
import type { PageParts, PageRenderers } from './create-pages.ts'
import { errorPage } from './error-page.ts'
import { formPostPage } from './form-post-page.ts'
import { chinese } from './languages/chinese.ts'
import { english } from './languages/english.ts'
import type { Language } from './languages/language.ts'
import { spanish } from './languages/spanish.ts'
import { loginPage } from './login-page.ts'
import type { Theme } from './theme.ts'

/** The look, the languages and the markup of the pages. */
export interface PageOptions {
  /** @default the colors of the stylesheet */
  readonly theme?: Theme
  /** The languages there are; the first is for visitors who want none of them. @default [english, chinese, spanish] */
  readonly languages?: readonly [Language, ...Language[]]
  /** Functions that replace a page. @default the built-in ones */
  readonly render?: Partial<PageRenderers>
}

/** Puts the built-in languages and pages in for those that were left out. */
export function defaultPages({
  theme,
  languages = [english, chinese, spanish],
  render,
}: PageOptions = {}): PageParts {
  return {
    theme,
    languages,
    render: { login: loginPage, consent: consentPage, error: errorPage, formPost: formPostPage, ...render },
  }
}
