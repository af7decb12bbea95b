// RFC 6749 §3.1: https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1
import { describe, expect, it } from 'vitest'
import { OAuthError } from '@gatewright/core'
import { parseParameters } from '../../src/requests/request-parameters.ts'

describe('parseParameters', () => {
  it('AZ-11 takes an empty value for an omitted one', () => {
    const parameters = parseParameters('?scope=&state&resource=&resource=x')
    expect(parameters.get('scope')).toBeUndefined()
    expect(parameters.get('state')).toBeUndefined()
    expect(parameters.all('resource')).toEqual(['x'])
    expect(parameters.repeated).toEqual([])
  })

  it('AZ-08 notes each repeated name once, also when its values are equal or empty', () => {
    expect(parseParameters('a=1&a=1&a=2&b=&b=&c=1').repeated).toEqual(['a', 'b'])
    expect(parseParameters('a=1&%61=2').repeated).toEqual(['a'])
    expect(parseParameters('a=1&A=2').repeated).toEqual([])
  })

  it('AZ-08 never lets a later value win over the first', () => {
    expect(parseParameters('client_id=first&client_id=second').get('client_id')).toBe('first')
    expect(parseParameters('client_id=&client_id=second').get('client_id')).toBeUndefined()
  })

  it('AZ-10 lets resource and audience be repeated, and nothing that looks like them', () => {
    expect(parseParameters('resource=a&resource=b&audience=c&audience=d').repeated).toEqual([])
    expect(parseParameters('resource=a&resource=b').all('resource')).toEqual(['a', 'b'])
    expect(parseParameters('resource[]=a&resource[]=b').repeated).toEqual(['resource[]'])
    expect(parseParameters('resource[]=a').get('resource')).toBeUndefined()
  })

  it('HT-04 knows no arrays and no nesting', () => {
    const parameters = parseParameters('code[]=a&scope[x]=y&a.b=c')
    for (const name of ['code', 'scope', 'a']) expect(parameters.get(name)).toBeUndefined()
  })

  it('HT-06 has no names of its own', () => {
    const parameters = parseParameters('')
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(parameters.get(name)).toBeUndefined()
      expect(parameters.all(name)).toEqual([])
    }
    expect(parseParameters('__proto__=x').get('__proto__')).toBe('x')
  })

  it('refuses more than a hundred parameters', () => {
    const of = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=1`).join('&')
    expect(parseParameters(of(100)).get('p99')).toBe('1')
    expect(() => parseParameters(of(101))).toThrow(OAuthError)
    expect(() => parseParameters('a&'.repeat(101))).toThrow(OAuthError)
  })

  it('decodes once', () => {
    expect(parseParameters('state=a%2526b+c').get('state')).toBe('a%26b c')
    expect(parseParameters('state=%ff%').get('state')).toBe('\ufffd%')
  })
})
