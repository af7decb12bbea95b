import { describe, expect, it } from 'vitest'
import { pageResponse } from '../../src/pages/page-response.ts'
import { checkMarkup } from './support/check-markup.ts'
import { hardTexts, pagesWith } from './support/sample-pages.ts'

describe('every page', () => {
  it.each(hardTexts.map((text) => [text.slice(0, 30), text]))(
    'is valid markup around "%s"',
    async (_, text) => {
      for (const [name, page] of Object.entries(pagesWith(text))) {
        const body = await (await pageResponse(page)).text()
        expect(checkMarkup(body), name).toEqual([])
      }
    },
  )

  it('has neither script nor anything that is loaded from elsewhere', async () => {
    for (const [name, page] of Object.entries(pagesWith('Acme'))) {
      const body = await (await pageResponse(page)).text()
      expect(body, name).not.toMatch(/<script|<iframe|<img|<object|\ssrc=|javascript:/)
      const links = [...body.matchAll(/<(\w+)[^>]*\shref="([^"]*)"/g)].map(([, tag, href]) => [
        tag,
        href?.slice(0, 19),
      ])
      expect(links, name).toEqual([['link', 'data:image/svg+xml,']])
    }
  })

  it('keeps a name that turns the direction of text alone in an element', async () => {
    const name = 'evil\u202E'
    for (const [title, page] of Object.entries(pagesWith(name))) {
      const body = await (await pageResponse(page)).text()
      const text = body.replaceAll(/<title>[^<]*<\/title>|"[^"]*"/g, '')
      expect(text.split(name).length, title).toBeGreaterThan(1)
      expect(text.split(`>${name}<`).length, title).toBe(text.split(name).length)
    }
  })
})

describe('the markup check', () => {
  it.each([
    ['<p>one<p>two</p>', 'left open'],
    ['<p>one</p></p>', 'closes'],
    ['<p><div></div></p>', '<div> inside <p>'],
    ['<b id="a"></b><b id="a"></b>', 'is repeated'],
    ['<label for="nowhere">Name</label>', 'nothing has the id'],
    ['<input value=loose />', 'not an attribute'],
    ['<p>1 < 2</p>', 'stray bracket'],
    ['<p style="color:red"></p>', 'blocks an attribute'],
  ])('finds the fault in %s', (fragment, fault) => {
    expect(checkMarkup(`<!doctype html>\n<main><h1>Title</h1>${fragment}</main>`).join()).toContain(fault)
  })
})
