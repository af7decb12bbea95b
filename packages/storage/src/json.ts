/**
 * What an operation may write: any value that survives JSON.
 *
 * A value comes back as `JSON.parse(JSON.stringify(value))` would give it: members that are `undefined` are dropped,
 * `undefined` inside an array, `NaN` and the infinities become `null`, `-0` becomes `0`, a `Date` becomes its ISO
 * text. `undefined`, a function, a symbol, a bigint and a cycle are refused with a `TypeError`. The type says
 * `object` so that a record described by a plain `interface` needs no cast; it does not check what is inside.
 *
 * @group Contract
 */
export type Json = string | number | boolean | null | object
