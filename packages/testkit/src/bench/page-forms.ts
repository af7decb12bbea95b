/** A form of a page, as it would be sent. */
export interface PageForm {
  /** Where it is sent; empty for the page itself. */
  readonly action: string
  readonly method: 'get' | 'post'
  /** What is filled in already, boxes that are ticked included. */
  readonly fields: URLSearchParams
  /** Fields to fill in, by name, with their type. */
  readonly inputs: readonly { readonly name: string; readonly type: string }[]
  readonly buttons: readonly PageButton[]
}

/** A button that sends a form. */
export interface PageButton {
  readonly name: string | undefined
  readonly value: string
  readonly label: string
}

const tag = /<(form|\/form|input|button|textarea)\b((?:"[^"]*"|'[^']*'|[^>"'])*)>(?:([^<]*)<\/button>)?/gi

/** Reads the forms of a page. Scripts are not run, so a page that builds its forms by one has none. */
export function readForms(html: string): readonly PageForm[] {
  const forms: (Omit<PageForm, 'inputs' | 'buttons'> & {
    inputs: PageForm['inputs'][number][]
    buttons: PageButton[]
  })[] = []
  const ids = new Map<string, number>()
  let open = false
  for (const [, name = '', text = '', label = ''] of html.matchAll(tag)) {
    const element = name.toLowerCase()
    const attributes = readAttributes(text)
    // A button may stand outside, and name the form that it sends.
    const named = ids.get(attributes.get('form') ?? '')
    const form = named === undefined ? forms.at(-1) : forms[named]
    if (element === 'form') {
      const id = attributes.get('id')
      if (id !== undefined) ids.set(id, forms.length)
      const method = attributes.get('method')?.toLowerCase() === 'post' ? 'post' : 'get'
      forms.push({
        action: attributes.get('action') ?? '',
        method,
        fields: new URLSearchParams(),
        inputs: [],
        buttons: [],
      })
    }
    open = element === 'form' || (open && element !== '/form')
    if ((!open && named === undefined) || form === undefined || element === 'form') continue
    const type = attributes.get('type')?.toLowerCase() ?? (element === 'button' ? 'submit' : 'text')
    const field = attributes.get('name')
    const value = attributes.get('value') ?? ''
    if (type === 'submit' || type === 'image')
      form.buttons.push({ name: field, value, label: decodeHtml(label === '' ? value : label) })
    else if (field !== undefined && type === 'hidden') form.fields.append(field, value)
    else if (field !== undefined && (type === 'checkbox' || type === 'radio')) {
      if (attributes.has('checked')) form.fields.append(field, attributes.get('value') ?? 'on')
    } else if (field !== undefined && type !== 'button' && type !== 'reset')
      form.inputs.push({ name: field, type })
  }
  return forms
}

/** Where a page sends the browser by itself. */
export function refreshTarget(html: string): string | undefined {
  const [, content] =
    /<meta\b[^>]*http-equiv=["']?refresh["']?[^>]*content=["']([^"']*)["']/i.exec(html) ?? []
  const [, url] = /url\s*=\s*(.*)/i.exec(decodeHtml(content ?? '')) ?? []
  return url?.trim().replaceAll(/^['"]|['"]$/g, '')
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single, bare] of text.matchAll(
    /([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g,
  ))
    if (!attributes.has(name.toLowerCase()))
      attributes.set(name.toLowerCase(), decodeHtml(double ?? single ?? bare ?? ''))
  return attributes
}

const characters: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' }

function decodeHtml(text: string): string {
  return text.replaceAll(
    /&(?:(quot|apos|lt|gt|amp)|#(\d+)|#x([\da-f]+));/gi,
    (all, name: unknown, decimal: unknown, hex: unknown) => {
      if (typeof name === 'string') return characters[name.toLowerCase()] ?? all
      const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16)
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : ''
    },
  )
}
