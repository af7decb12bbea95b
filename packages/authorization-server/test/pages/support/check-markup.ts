const voidElements: ReadonlySet<string> = new Set(['meta', 'link', 'input', 'br', 'hr', 'img'])
const phrasingOnly: ReadonlySet<string> = new Set([
  'p',
  'h1',
  'h2',
  'label',
  'legend',
  'button',
  'span',
  'bdi',
  'dt',
])
const block =
  /^(?:p|div|form|fieldset|ul|ol|li|dl|dt|dd|section|pre|h\d|main|header|footer|aside|details|table)$/
const attributePattern = /\s+([a-zA-Z-]+)(?:="([^"<]*)")?/gy

interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

/**
 * What is wrong with a page's markup, in words: elements left open or closed twice, blocks where only text may stand,
 * forms in forms, ids that are not unique or point nowhere, attributes that are repeated or not quoted.
 */
export function checkMarkup(page: string): readonly string[] {
  const problems: string[] = []
  const open: Tag[] = []
  const seen: Tag[] = []
  const text = page.replace(/^<!doctype html>\n/, '').replaceAll(/(<style>)[^<]*(<\/style>)/g, '$1$2')
  if (text.length === page.length) problems.push('there is no doctype')

  let end = 0
  for (const match of text.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"<]*")*)>/g)) {
    const [whole, slash, name = '', rest = ''] = match
    if (/[<>]/.test(text.slice(end, match.index))) problems.push(`stray bracket before ${whole}`)
    end = match.index + whole.length
    if (slash === '/') {
      const last = open.pop()
      if (last?.name !== name) problems.push(`</${name}> closes <${last?.name ?? 'nothing'}>`)
      continue
    }
    const tag = { name, attributes: readAttributes(rest, whole, problems) }
    const parent = open.at(-1)
    if (block.test(name) && parent !== undefined && phrasingOnly.has(parent.name))
      problems.push(`<${name}> inside <${parent.name}>`)
    if (name === 'form' && open.some((other) => other.name === 'form')) problems.push('a form in a form')
    if (name === 'li' && parent?.name !== 'ul' && parent?.name !== 'ol') problems.push('<li> without a list')
    seen.push(tag)
    if (!voidElements.has(name) && !rest.endsWith('/')) open.push(tag)
  }
  if (/[<>]/.test(text.slice(end))) problems.push('stray bracket at the end')
  if (open.length > 0) problems.push(`left open: ${open.map(({ name }) => name).join(' ')}`)
  return [...problems, ...checkReferences(seen)]
}

function readAttributes(rest: string, whole: string, problems: string[]): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  const source = rest.replace(/\s*\/?$/, '')
  let length = 0
  for (const [all, name = '', value = ''] of source.matchAll(attributePattern)) {
    if (attributes.has(name)) problems.push(`${name} is repeated in ${whole}`)
    attributes.set(name, value)
    length += all.length
  }
  if (length !== source.length) problems.push(`not an attribute in ${whole}`)
  if (attributes.has('style') || [...attributes.keys()].some((name) => name.startsWith('on')))
    problems.push(`the content security policy blocks an attribute of ${whole}`)
  return attributes
}

function checkReferences(tags: readonly Tag[]): readonly string[] {
  const valuesOf = (attribute: string) =>
    tags.flatMap(({ attributes }) => attributes.get(attribute)?.split(' ') ?? [])
  const ids = valuesOf('id')
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index)
  const dangling = ['for', 'aria-describedby', 'aria-labelledby']
    .flatMap(valuesOf)
    .filter((id) => !ids.includes(id))
  const headings = tags.filter(({ name }) => name === 'h1').length
  return [
    ...repeated.map((id) => `id "${id}" is repeated`),
    ...dangling.map((id) => `nothing has the id "${id}"`),
    ...(headings === 1 ? [] : [`${headings} main headings`]),
    ...(tags.filter(({ attributes }) => attributes.has('autofocus')).length > 1
      ? ['two elements want the focus']
      : []),
  ]
}
