// WCAG 2.2 §1.4.3 and §1.4.11: https://www.w3.org/TR/WCAG22/#contrast-minimum
import { describe, expect, it } from 'vitest'
import { stylesheet } from '../../src/pages/stylesheet.ts'
import { contrast } from './support/contrast.ts'

const [light, dark] = [...stylesheet.matchAll(/:root \{([^}]*)\}/g)].map(
  ([, rule = '']) =>
    new Map([...rule.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value])),
)
const schemes = {
  light: light ?? new Map(),
  dark: new Map([...(light ?? []), ...(dark ?? [])]),
}

const textPairs = [
  ['text', 'surface'],
  ['text', 'ground'],
  ['muted', 'surface'],
  ['muted', 'ground'],
  ['accent', 'surface'],
  ['on-accent', 'accent'],
  ['warn-text', 'warn-ground'],
  ['error-text', 'error-ground'],
] as const

const edgePairs = [
  ['field-line', 'surface'],
  ['accent', 'surface'],
  ['accent', 'ground'],
  ['error-text', 'surface'],
] as const

describe.each(Object.entries(schemes))('the %s colors', (scheme, colors) => {
  it.each(textPairs)('show %s on %s with a contrast of 4.5 or more', (text, ground) => {
    expect(contrast(colors.get(text) ?? '', colors.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it.each(edgePairs)('show an edge in %s on %s with a contrast of 3 or more', (edge, ground) => {
    expect(contrast(colors.get(edge) ?? '', colors.get(ground) ?? '')).toBeGreaterThanOrEqual(3)
  })

  it('keep a logo visible that is as dark as that of GitHub', () => {
    expect(contrast('#24292f', colors.get('logo-ground') ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it('are all set', () => {
    expect(new Set(colors.keys())).toEqual(new Set(light?.keys()))
    expect((scheme === 'dark' ? dark : light)?.size).toBe(light?.size)
  })
})

describe('the stylesheet', () => {
  it('asks for nothing from elsewhere and cannot end its element', () => {
    expect(stylesheet).not.toMatch(/url\(|@import|<|image\(/)
  })

  it('takes every color of a text, a ground or an edge from a custom property', () => {
    const rules = stylesheet.replaceAll(/:root \{[^}]*\}/g, '')
    const colors = [...rules.matchAll(/(?:color|background|border(?:-\w+)?|outline|stroke|fill): ([^;}]+)/g)]
    expect(colors.length).toBeGreaterThan(20)
    for (const [declaration, value] of colors) {
      expect(value, declaration).not.toMatch(/#|rgba?\(|hsl|white|black/)
    }
  })

  it('uses no custom property that is not set', () => {
    const used = [...stylesheet.matchAll(/var\((--[a-z-]+)\)/g)].map(([, name]) => name)
    for (const name of used) expect(stylesheet).toContain(`  ${name}: `)
  })

  it('has closed every block', () => {
    expect(stylesheet.split('{').length).toBe(stylesheet.split('}').length)
  })
})
