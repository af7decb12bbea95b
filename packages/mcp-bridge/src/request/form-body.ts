import { member, objectMember, textMember, type JsonObject } from '../document/json-object.ts'
import { encodePairs, queryPairs } from './query-pairs.ts'

/** The members of an object as the body of a form, each in the style that the document gives it. */
export function formBody(value: JsonObject, media: unknown): string {
  const encoding = objectMember(media, 'encoding')
  const pairs = Object.entries(value).flatMap(([name, item]) => {
    const told = member(encoding, name)
    const style = textMember(told, 'style') ?? 'form'
    const explode = member(told, 'explode') ?? style === 'form'
    return queryPairs(name, item, { style, explode: explode === true })
  })
  return encodePairs(pairs)
}
