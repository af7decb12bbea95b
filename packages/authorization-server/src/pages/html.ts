const raw = Symbol('raw html')
const style = Symbol('style of a page')

/** Markup that needs no escaping any more. */
export interface Html {
  readonly [raw]: string
  readonly [style]?: readonly string[]
}

type Value = string | number | Html | readonly Html[] | false | undefined

/**
 * Writes markup. Every interpolated text is escaped, in element and in quoted attribute position; `false` and `undefined` are left out.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { [raw]: parts.reduce((text, part, index) => text + toText(values[index - 1]) + part) }
}

/** Markup that is ours and constant, taken as it is. Never for a text that came from outside. */
export function trusted(text: string): Html {
  return { [raw]: text }
}

/** Notes the styles that a page carries in elements of their own, so that its response can allow them. */
export function withStyles(page: Html, texts: readonly string[]): Html {
  return { ...page, [style]: texts }
}

/** The styles that were noted with a page. */
export function stylesOf(page: Html): readonly string[] {
  return page[style] ?? []
}

/** The finished text of markup. */
export function toMarkup(markup: Html): string {
  return markup[raw]
}

function toText(value: Value): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  if (isHtml(value)) return value[raw]
  return value.map((item) => item[raw]).join('')
}

function isHtml(value: Html | readonly Html[]): value is Html {
  return raw in value
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes a text for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}
