/** Keywords of JSON Schema whose value is taken over as it is. */
export const plainKeywords: ReadonlySet<string> = new Set([
  'type',
  'enum',
  'const',
  'multipleOf',
  'maximum',
  'minimum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxContains',
  'minContains',
  'maxProperties',
  'minProperties',
  'required',
  'dependentRequired',
  'format',
  'contentMediaType',
  'contentEncoding',
  'default',
  'deprecated',
])

/** Keywords that hold one schema; `true` for those that apply to the same value as the schema that holds them. */
export const schemaKeywords: ReadonlyMap<string, boolean> = new Map([
  ['not', true],
  ['if', true],
  ['then', true],
  ['else', true],
  ['contains', false],
  ['items', false],
  ['additionalProperties', false],
  ['propertyNames', false],
  ['unevaluatedItems', false],
  ['unevaluatedProperties', false],
])

/** Keywords that hold a list of schemas; `true` as above. */
export const schemaListKeywords: ReadonlyMap<string, boolean> = new Map([
  ['allOf', true],
  ['anyOf', true],
  ['oneOf', true],
  ['prefixItems', false],
])

/** Keywords that hold schemas by name. */
export const schemaMapKeywords: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
])
