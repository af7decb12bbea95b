import { describe, expect, it } from 'vitest'
import { errorPage } from '../../src/pages/error-page.ts'
import { toMarkup } from '../../src/pages/html.ts'

const page = { productName: 'Acme', title: 'Unknown app', message: 'It is not registered.' }

describe('the error page', () => {
  it('announces what happened and leads nowhere', () => {
    const markup = toMarkup(errorPage({ ...page, detail: 'invalid_client' }))
    expect(markup).toMatch(/role="alert">\s*<h1>Unknown app<\/h1>\s*<p>It is not registered\.<\/p>/)
    expect(markup).toContain('<code>invalid_client</code>')
    expect(markup).not.toMatch(/<a |<form|http-equiv|https?:\/\//)
  })

  it('leaves the code out when there is none', () => {
    expect(toMarkup(errorPage(page))).not.toContain('<code>')
  })
})
