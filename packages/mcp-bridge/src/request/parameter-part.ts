import { isObject, member, objectMember, textMember, type JsonObject } from '../document/json-object.ts'
import { dereference } from '../document/resolve-reference.ts'
import { headerValue, isWithheldHeader } from './header-value.ts'
import { pathSegment } from './path-segment.ts'
import { queryPairs } from './query-pairs.ts'
import type { ArgumentPart } from './request-parts.ts'

/** A parameter that cannot be offered: the reason, and whether the operation is of no use without it. */
export interface WithheldParameter {
  readonly withheld: string
  readonly required: boolean
}

/** Makes an argument of a parameter, or says why it is none. */
export function parameterPart(parameter: JsonObject, root: JsonObject): ArgumentPart | WithheldParameter {
  const name = textMember(parameter, 'name') ?? ''
  const place = textMember(parameter, 'in')
  const required = place === 'path' || member(parameter, 'required') === true
  const withhold = (reason: string) => ({ withheld: `the ${place} parameter "${name}" ${reason}`, required })
  const media = Object.entries(objectMember(parameter, 'content'))[0]
  const common = {
    argument: name,
    required,
    description: textMember(parameter, 'description'),
    schema: media === undefined ? (member(parameter, 'schema') ?? {}) : (member(media[1], 'schema') ?? {}),
  }
  if (name === '') return withhold('has no name')
  const written = (value: unknown) => (media === undefined ? value : JSON.stringify(value))
  const style = textMember(parameter, 'style')
  switch (place) {
    case 'path': {
      const type = textMember(dereference(common.schema, root), 'type')
      // A list or an object in a path brings separators of its own.
      if (media !== undefined || (style ?? 'simple') !== 'simple' || type === 'array' || type === 'object')
        return withhold('is more than one value')
      return {
        ...common,
        write(value, { path }) {
          path.set(name, pathSegment(name, value))
        },
      }
    }
    case 'query': {
      const known = style ?? 'form'
      const explode = member(parameter, 'explode') ?? known === 'form'
      const options = { style: known, explode: explode === true }
      return {
        ...common,
        write(value, { query }) {
          query.push(...queryPairs(name, written(value), options))
        },
      }
    }
    case 'header':
      if (isWithheldHeader(name)) return { ...withhold('is set by the gateway'), required: false }
      return {
        ...common,
        write(value, { headers }) {
          headers.set(name, headerValue(name, isObject(value) ? written(value) : value))
        },
      }
    default:
      return withhold(place === 'cookie' ? 'is a cookie, and none are sent' : 'has an unknown place')
  }
}
