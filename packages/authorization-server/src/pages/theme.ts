/** Values by the names of the stylesheet's custom properties, for example `{ '--accent': '#0b6e4f' }`. */
export type ThemeProperties = Readonly<Record<`--${string}`, string>>

/**
 * What an integrator changes of the look of the pages. What is left out keeps its default; set `--accent` together
 * with `--on-accent`. That texts stay readable on the colors chosen here is not checked.
 */
export interface Theme {
  readonly light?: ThemeProperties
  /** For users who prefer dark colors. */
  readonly dark?: ThemeProperties
}

/**
 * The style text of a theme.
 *
 * @throws {TypeError} when a name or a value is more than one declaration
 */
export function themeStyle({ light, dark }: Theme): string {
  return toRule('light', light) + toRule('dark', dark)
}

function toRule(scheme: 'light' | 'dark', properties: ThemeProperties = {}): string {
  const declarations = Object.entries(properties).map(([name, value]) => {
    // The text stands in a style element, so a "<" could end that element.
    if (!/^--[a-z-]+$/.test(name) || /[<>{};]/.test(value))
      throw new TypeError(`theme property "${name}" must be a custom property with a single plain value`)
    return `${name}:${value}`
  })
  return declarations.length === 0
    ? ''
    : `@media (prefers-color-scheme:${scheme}){:root{${declarations.join(';')}}}`
}
