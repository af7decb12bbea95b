// RFC 6570 §3.2.2: https://www.rfc-editor.org/rfc/rfc6570.html#section-3.2.2
import { expect, it } from 'vitest'
import { compileUriTemplate } from '../src/registry/uri-template.ts'

it('a template matches what it was made of', () => {
  const template = compileUriTemplate('app://{owner}/apps/{name}.json')
  expect(template.match('app://admin/apps/my-app.json')).toEqual({ owner: 'admin', name: 'my-app' })
  expect(template.match('app://admin/apps/my-appXjson')).toBeUndefined()
  expect(template.match('app://admin/apps/.json')).toBeUndefined()
  expect(template.match('app:///apps/a.json')).toBeUndefined()
  expect(template.match(`app://admin/apps/${'a'.repeat(3000)}.json`)).toBeUndefined()
})

it('a variable named like a property of Object is only a name', () => {
  const found = compileUriTemplate('app://{__proto__}/{constructor}').match('app://a/b')
  expect(Object.entries(found ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
})

it('MC-49 an adversarial URI or template of 50 KB takes no time', () => {
  const segments = Array.from({ length: 20 }, (_, index) => `{v${index}}x`).join('/')
  const template = compileUriTemplate(`app://${segments}`)
  // Processor time: what else the machine does must not count.
  const before = process.cpuUsage()
  for (const uri of ['x'.repeat(50_000), `app://${'x'.repeat(2000)}`, `app://${'x/'.repeat(1000)}`])
    expect(template.match(uri)).toBeUndefined()
  expect(() => compileUriTemplate(`app://${'{a}'.repeat(20_000)}`)).toThrow(TypeError)
  // Variables that share a segment can share what they match in more ways than anybody waits for.
  for (const shared of ['{a}{b}', '{a}{b}{c}{d}{e}{f}', '{a}-{b}'])
    expect(() => compileUriTemplate(`app://${shared}`)).toThrow(/slash between two variables/)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(50)
})
