import { describe, expect, it } from 'vitest'
import { html } from '../../src/pages/html.ts'
import { layout } from '../../src/pages/layout.ts'
import { pageResponse } from '../../src/pages/page-response.ts'
import type { Theme } from '../../src/pages/theme.ts'

const pageWith = (theme?: Theme) => layout({ productName: 'Acme', theme }, 'Title', html`<h1>Title</h1>`)

async function hashesOf(texts: readonly string[]): Promise<string[]> {
  return Promise.all(
    texts.map(async (text) => {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
      return `'sha256-${Buffer.from(digest).toString('base64')}'`
    }),
  )
}

describe('a theme', () => {
  it('sets custom properties for each scheme, in a style that the policy allows by its hash', async () => {
    const theme = {
      light: { '--accent': '#0b6e4f', '--radius': '4px' },
      dark: { '--accent': '#6fdcb5' },
    } as const
    const response = await pageResponse(pageWith(theme))
    const styles = [...(await response.text()).matchAll(/<style>([^<]*)<\/style>/g)].map(
      ([, text = '']) => text,
    )
    expect(styles).toHaveLength(2)
    expect(styles[1]).toBe(
      '@media (prefers-color-scheme:light){:root{--accent:#0b6e4f;--radius:4px}}@media (prefers-color-scheme:dark){:root{--accent:#6fdcb5}}',
    )
    const sources = /style-src ([^;]*);/.exec(response.headers.get('content-security-policy') ?? '')?.[1]
    expect(sources?.split(' ')).toEqual(await hashesOf(styles))
  })

  it.each([[undefined], [{}], [{ light: {} }]])('that changes nothing (%j) adds no style', async (theme) => {
    const response = await pageResponse(pageWith(theme))
    expect((await response.text()).split('<style>')).toHaveLength(2)
    expect(response.headers.get('content-security-policy')?.split('sha256-')).toHaveLength(2)
  })

  it.each([
    ['--accent', 'red}body{display:none'],
    ['--accent', '</style><script>alert(1)</script>'],
    ['--accent', 'red;--text:red'],
    ['--accent:red;--text', 'red'],
    ['--Accent', 'red'],
  ])('refuses %s: %s, which is more than one plain value', (name, value) => {
    expect(() => pageWith({ light: { [name]: value } })).toThrow(TypeError)
  })
})
