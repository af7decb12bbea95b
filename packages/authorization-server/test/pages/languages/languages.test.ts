import { describe, expect, it } from 'vitest'
import { chinese } from '../../../src/pages/languages/chinese.ts'
import { acceptedLanguages, chooseLanguage } from '../../../src/pages/languages/choose-language.ts'
import { english, texts } from '../../../src/pages/languages/english.ts'
import { spanish } from '../../../src/pages/languages/spanish.ts'
import { checkMarkup } from '../support/check-markup.ts'
import { pagesWith } from '../support/sample-pages.ts'
import { identityScopeNames } from '../../../src/requests/scope-catalog.ts'
import { pageResponse } from '../../../src/pages/page-response.ts'

const partsOf = (text: string) => text.match(/\{\w+\}/g)?.toSorted()

describe.each([chinese, spanish])('the texts of $tag', ({ tag, messages, scopes }) => {
  it('translate every text, with the same parts to fill in', () => {
    expect(Object.keys(messages)).toEqual(Object.keys(texts))
    for (const [key, text] of Object.entries(texts)) {
      const translated = messages[key as keyof typeof texts]
      expect(partsOf(translated), key).toEqual(partsOf(text))
      if (key !== 'errorTitle') expect(translated, key).not.toBe(text)
    }
  })

  it('describe the scopes of OpenID Connect', () => {
    expect(Object.keys(scopes ?? {}).toSorted()).toEqual(identityScopeNames.toSorted())
  })

  it('are a language that the runtime can format dates and durations in', () => {
    expect(Intl.DateTimeFormat.supportedLocalesOf(tag)).toEqual([tag])
  })

  it('leave no part unfilled on any page, and the markup valid', async () => {
    for (const [name, page] of Object.entries(pagesWith('Acme', { tag, messages, scopes: scopes ?? {} }))) {
      const body = await (await pageResponse(page)).text()
      expect(body.replaceAll(/<style>[^<]*<\/style>/g, ''), name).not.toMatch(/\{\w+\}/)
      expect(checkMarkup(body), name).toEqual([])
      expect(body, name).toContain(`<html lang="${tag}">`)
    }
  })
})

describe('the language of a page', () => {
  const languages = [english, chinese, spanish] as const

  it.each([
    [['es-MX', 'en'], 'es'],
    [['zh-Hans-CN'], 'zh'],
    [['ZH'], 'zh'],
    [['fr', 'es'], 'es'],
    [['fr'], 'en'],
    [['', '-', 'x'.repeat(9000), '*'], 'en'],
    [[], 'en'],
  ])('for %j is %s', (wanted, tag) => {
    expect(chooseLanguage(languages, wanted).tag).toBe(tag)
  })

  it.each([
    ['es', ['es']],
    ['en;q=0.5, zh-CN, es;q=0.9', ['zh-CN', 'es', 'en']],
    ['fr;q=0, en', ['en']],
    ['*, en;q=x, ;;, es;q=2.0, <b>', []],
    [null, []],
  ])('is read from Accept-Language %s', (header, ranges) => {
    expect(acceptedLanguages(header)).toEqual(ranges)
  })
})
