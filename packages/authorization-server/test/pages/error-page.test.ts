import { describe, expect, it } from 'vitest'
import { errorPage } from '../../src/pages/error-page.ts'
import { toMarkup } from '../../src/pages/html.ts'

const page = { productName: 'Acme', kind: 'unknown_app' } as const

describe('the error page', () => {
  it('announces what happened and leads nowhere', () => {
    const markup = toMarkup(errorPage({ ...page, detail: 'invalid_client: who' }))
    expect(markup).toMatch(/role="alert">\s*<h1>Unknown app<\/h1>\s*<p>The app that sent you here is not/)
    expect(markup).toContain('<code lang="en" dir="ltr">invalid_client: who</code>')
    expect(markup).not.toMatch(/<a |<form|http-equiv|https?:\/\//)
  })

  it('leaves the code out when there is none', () => {
    expect(toMarkup(errorPage(page))).not.toContain('<code')
  })
})
